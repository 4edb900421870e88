import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A context tells people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../lib/index.ts';
import { parseGolden } from '../lib/testing/golden/parse-golden.ts';
import { type GoldenResult, runGoldenFile } from '../lib/testing/golden/run-golden.ts';
import { MemoryCheckpoints } from '../lib/testing/memory-checkpoints.ts';
import { goldenResultsOf } from './helpers/golden-results.ts';

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

const structuredFolder = 'spec/golden/structured';
const structuredFiles = readdirSync(structuredFolder).filter((name) => name.endsWith('.json'));

interface StructuredContent {
  readonly cases: readonly { readonly query: { readonly ts?: string | null }; readonly sparkQuirk?: boolean }[];
}

function structuredOf(file: string): StructuredContent {
  return parseGolden(readFileSync(join(structuredFolder, file), 'utf8')) as StructuredContent;
}

describe('what real Spark gave for structured queries', () => {
  it.each(structuredFiles)('%s comes out of the engine, too', async (file) => {
    const { cases } = structuredOf(file);
    const results = await goldenResultsOf(file, structuredOf(file));
    expect(results.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(results).toHaveLength(cases.length);
    // Only recorded faults of Spark and cases without a text are left out.
    const skipped = cases.filter(({ query, sparkQuirk }) => sparkQuirk === true || typeof query.ts !== 'string');
    expect(results.filter(({ kind }) => kind === 'skipped')).toHaveLength(skipped.length);
  });

  it.each([
    ['another row of output', (batch: Batch) => ({ ...batch, output: [...batch.output, { never: 'there' }] })],
    ['another watermark', (batch: Batch) => ({ ...batch, watermark: '2000-01-01T00:00:00.000Z' })],
    ['another number of rows', (batch: Batch) => ({ ...batch, numInputRows: batch.numInputRows + 1 })],
    ['another batch', (batch: Batch) => ({ ...batch, batchId: batch.batchId + 1 })],
    ['another state', (batch: Batch) => ({ ...batch, state: { ...batch.state, total: 17 } })],
    ['other late rows', (batch: Batch) => ({ ...batch, state: { ...batch.state, dropped: 17 } })],
  ])('a case with %s fails', async (_, change) => {
    const content = structuredOf('watermark.json') as unknown as { cases: { batches: Batch[]; error?: object }[] };
    const changed = content.cases.filter(({ batches, error }) => error === undefined && batches.length > 0).slice(0, 5);
    for (const { batches } of changed) batches.push(change(batches.pop() as Batch));
    const results = await goldenResultsOf('watermark.json', { ...content, cases: changed });
    expect(results.map(({ kind }) => kind)).toEqual(changed.map(() => 'failed'));
  });

  it('an outcome turned round fails', async () => {
    const content = structuredOf('errors.json') as unknown as {
      cases: { outcome: string; query: { ts: string | null } }[];
    };
    const turned = content.cases.filter(({ query }) => query.ts !== null);
    for (const one of turned) one.outcome = one.outcome === 'accepted' ? 'rejected' : 'accepted';
    const results = await goldenResultsOf('errors.json', { ...content, cases: turned });
    expect(results.filter(({ kind }) => kind !== 'failed')).toEqual([]);
  });
});

interface Batch {
  readonly batchId: number;
  readonly numInputRows: number;
  readonly output: readonly object[];
  readonly state: object;
}
