import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A session tells people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../lib/index.ts';
import { parseGolden } from '../../lib/testing/golden/parse-golden.ts';
import { goldenResultsOf } from '../helpers/golden-results.ts';

// Answers of Spark, recorded by scripts/golden/record.py: `queries` are random ones over random rows (scripts/golden/random_cases.py)
// and those of scripts/golden/questions, `state` are read with Spark's readers of state when they have ended (scripts/golden/questions/state.json).
const folder = 'spec/recorded';
const files = ['queries', 'state'].flatMap((topic) =>
  readdirSync(join(folder, topic)).map((file) => join(topic, file)),
);

// Each file holds dozens of queries.
jest.setTimeout(60_000);

describe('what real Spark gave for queries of streams', () => {
  it.each(files)('%s comes out of the engine, too', async (file) => {
    const content = parseGolden(readFileSync(join(folder, file), 'utf8')) as { cases: unknown[] };
    const results = await goldenResultsOf(file, content);
    expect(results.filter(({ kind }) => kind !== 'passed')).toEqual([]);
    expect(results).toHaveLength(content.cases.length);
  });
});
