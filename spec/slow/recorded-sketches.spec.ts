import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installHost } from '../../lib/io/host.ts';
import { nodeHost } from '../../lib/node/host.ts';
import { parseGolden } from '../../lib/testing/golden/parse-golden.ts';
import { goldenResultsOf } from '../helpers/golden-results.ts';

installHost(nodeHost);

// Hundreds of thousands of values a question, asked by scripts/golden/record-static.py.
const folder = 'spec/recorded/large';

jest.setTimeout(120_000);

describe('Spark 4.1.2 writes the same bytes for sketches of many values, and estimates the same', () => {
  it.each(readdirSync(folder))('%s', async (file) => {
    const content = parseGolden(readFileSync(join(folder, file), 'utf8')) as { cases: unknown[] };
    const results = await goldenResultsOf(file, content);
    expect(results.filter(({ kind }) => kind !== 'passed')).toEqual([]);
    expect(results).toHaveLength(content.cases.length);
  });
});
