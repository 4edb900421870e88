import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A session tells people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../lib/index.ts';
import { parseGolden } from '../../lib/testing/golden/parse-golden.ts';
import { goldenResultsOf } from '../helpers/golden-results.ts';

// Queries answered by Spark (scripts/golden/record.py): random ones over random rows, written by scripts/golden/random_cases.py, and those of
// scripts/golden/questions.
const folder = 'spec/recorded/queries';

// Each file holds dozens of queries.
jest.setTimeout(60_000);

describe('what real Spark gave for queries of streams', () => {
  it.each(readdirSync(folder))('%s comes out of the engine, too', async (file) => {
    const content = parseGolden(readFileSync(join(folder, file), 'utf8')) as { cases: unknown[] };
    const results = await goldenResultsOf(file, content);
    expect(results.filter(({ kind }) => kind !== 'passed')).toEqual([]);
    expect(results).toHaveLength(content.cases.length);
  });
});
