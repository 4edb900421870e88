import { describe, expect, it } from '@jest/globals';
import { DataFrame, Session } from '../../lib/index.ts';
import { DataFrameReader } from '../../lib/structured/data-frame-reader.ts';
import { DataFrameWriter } from '../../lib/structured/data-frame-writer.ts';
import { DataStreamReader } from '../../lib/structured/data-stream-reader.ts';
import { DataStreamWriter } from '../../lib/structured/data-stream-writer.ts';
import { GroupedData } from '../../lib/structured/grouped-data.ts';
import { RunningQuery } from '../../lib/structured/query/running-query.ts';
import { StreamingQueryManager } from '../../lib/structured/query/streaming-query-manager.ts';
import { checkPage } from './check-page.ts';

/** What is there for the engine, not for programs. */
const engineOnly: ReadonlySet<string> = new Set([
  'constructor',
  // DataFrame
  'derive',
  'grouped',
  'plan',
  'requireStatic',
  'resolvedPlan',
  'rows',
  'sessionState',
  'setOperation',
  'sortedByAll',
  // Session
  'clock',
  'frameOf',
  'nextId',
  'state',
  // Queries
  'inspection',
  'watermark',
  // The manager of queries
  'activeAt',
  'ended',
  'now',
  'reserve',
  'started',
  'tell',
]);

function membersOf({ prototype }: { readonly prototype: object }): readonly string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => !engineOnly.has(name));
}

describe('docs/structured.md', () => {
  const { examples } = checkPage('docs/structured.md');

  it.each<readonly [string, readonly string[]]>([
    ['DataFrame', membersOf(DataFrame)],
    ['GroupedData', membersOf(GroupedData)],
    ['DataStreamReader', membersOf(DataStreamReader)],
    ['DataStreamWriter', membersOf(DataStreamWriter)],
    ['DataFrameReader', membersOf(DataFrameReader)],
    ['DataFrameWriter', membersOf(DataFrameWriter)],
    ['StreamingQuery', ['id', 'runId', 'name', ...membersOf(RunningQuery)]],
    ['StreamingQueryManager', membersOf(StreamingQueryManager)],
    ['Session', membersOf(Session)],
  ])('has an example of every method of %s', (_, members) => {
    expect(members.filter((name) => !examples.some(({ code }) => new RegExp(`\\.${name}\\b`, 'u').test(code)))).toEqual(
      [],
    );
    expect(members).not.toEqual([]);
  });
});
