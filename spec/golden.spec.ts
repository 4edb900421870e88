import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A context tells people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../lib/index.ts';
import { type GoldenResult, runGoldenFile } from '../lib/testing/golden/run-golden.ts';
import { MemoryCheckpoints } from '../lib/testing/memory-checkpoints.ts';

const folder = 'spec/golden/dstream';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

const notTargets = new Set(['errors.json', 'inverseWindowQuirk.json']);

async function resultsOf(file: string, content: unknown): Promise<GoldenResult[]> {
  const { open } = new MemoryCheckpoints();
  let directories = 0;
  const checkpoints = { open, directory: () => `memory:${(directories += 1)}` };
  const results: GoldenResult[] = [];
  for await (const result of runGoldenFile(file, content, checkpoints)) results.push(result);
  return results;
}

function contentOf(file: string): { cases: { params: object; expected: unknown[] }[] } {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: { params: object; expected: unknown[] }[] };
}

describe('what real Spark gave', () => {
  it.each(files)('%s comes out of the engine, too', async (file) => {
    const results = await resultsOf(file, contentOf(file));
    expect(results.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(results).toHaveLength(contentOf(file).cases.length);
    // Only recorded faults of Spark and the texts for people are left out.
    expect(results.some(({ kind }) => kind === 'skipped')).toBe(notTargets.has(file));
  });

  it.each(files.filter((file) => !notTargets.has(file)))('a changed expectation in %s fails', async (file) => {
    const content = contentOf(file);
    const changed = content.cases.map((one) => ({ ...one, expected: [...one.expected, ['never there']] }));
    const results = await resultsOf(file, { ...content, cases: changed });
    expect(results.filter(({ kind }) => kind !== 'failed')).toEqual([]);
  });
});
