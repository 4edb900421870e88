import { expect, it } from '@jest/globals';
import * as F from '../../../../lib/functions.ts';
import type { ColumnarBlock } from '../../../../lib/io/columnar-block.ts';
import { utf8Bytes } from '../../../../lib/structured/types/utf8.ts';
import { type BuildQuery, QueryBench } from '../query-bench.ts';

const { col, expr } = F;

/** How often a block is released that the query has read. */
function releasesOf(query: BuildQuery, mayGenerate: boolean): number {
  const bench = new QueryBench({
    streams: { events: 'key BINARY, value BINARY, headers ARRAY<STRUCT<key: STRING, value: BINARY>>' },
    mode: 'update',
    mayGenerate,
    query,
  });
  let releases = 0;
  const bytes = utf8Bytes('{"id":1}');
  const block: ColumnarBlock = {
    count: 1,
    sizeBytes: 0,
    forEach: () => undefined,
    columns: (names) =>
      names.map((name) =>
        name === 'headers'
          ? { kind: 'constant', value: null }
          : { kind: 'bytes', bytes, from: [0], until: [bytes.length] },
      ),
    whereOf: () => ({}),
    release: () => {
      releases += 1;
    },
  };
  const { compiled } = bench;
  compiled.begin({ batchId: 0, watermarkUs: undefined, lateWatermarkUs: undefined, processingTimeMs: 0 });
  for (const { sourceId } of compiled.sources) compiled.push(sourceId, block);
  compiled.finish();
  bench.close();
  return releases;
}

const id: BuildQuery = ({ events }) =>
  events.select(F.fromJson(col('value').cast('string'), 'id INT').alias('e')).select('e.id');

it.each<readonly [string, BuildQuery, number]>([
  ['fields of JSON', id, 1],
  ['a text', ({ events }) => events.select(col('value').cast('string').alias('v')).where("v <> ''"), 1],
  ['groups by a text', ({ events }) => events.groupBy(expr('CAST(key AS STRING)').alias('k')).count(), 1],
  ['no column', ({ events }) => events.groupBy().count(), 1],
  ['the bytes', ({ events }) => events.select('value'), 0],
  ['the bytes under another name', ({ events }) => events.select(col('value').alias('v')).where('length(v) > 0'), 0],
  ['groups by bytes', ({ events }) => events.groupBy('key').count(), 0],
  ['an aggregate of bytes', ({ events }) => events.groupBy().agg(F.max('value').alias('last')), 0],
  ['headers', ({ events }) => events.select('headers'), 0],
  ['both, in two branches', (streams) => id(streams, undefined as never).union(id(streams, undefined as never)), 1],
  [
    'the length of bytes, in doubt',
    ({ events }) => events.where('length(value) > 3').select(expr('1').alias('one')),
    0,
  ],
])('a query of %s says whether the source may read into the bytes again', (_, query, expected) => {
  expect(releasesOf(query, true)).toBe(expected);
});

it('a plan that is interpreted never does: each of its rows has views', () => {
  expect(releasesOf(id, false)).toBe(0);
});
