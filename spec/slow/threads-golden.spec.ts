import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
// Queries tell people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../lib/index.ts';
import { host, installHost } from '../../lib/io/host.ts';
import { InlineThreads } from '../../lib/testing/inline-threads.ts';
import { parseGolden } from '../../lib/testing/golden/parse-golden.ts';
import { goldenResultsOf } from '../helpers/golden-results.ts';

jest.setTimeout(120_000);

const folder = 'spec/golden/structured';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const threads = new InlineThreads();
const plain = host();

beforeAll(() => {
  installHost({ ...plain, threads, warn: () => undefined });
});

afterAll(() => {
  installHost(plain);
});

describe.each(['local[2]', 'local[3]'])('what real Spark gave for structured queries, on %s', (master) => {
  it.each(files)('%s comes out of the engine, too', async (file) => {
    const content = parseGolden(readFileSync(join(folder, file), 'utf8'));
    const results = await goldenResultsOf(file, content, { 'spark.master': master });
    expect(results.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(results.some(({ kind }) => kind === 'passed')).toBe(true);
  });

  it('was computed in threads for most cases', () => {
    expect(threads.started.length).toBeGreaterThan(300);
  });
});
