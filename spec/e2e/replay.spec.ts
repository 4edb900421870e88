import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace } from './millrace.ts';

/** Counts words of files; `factor` is what a program may have got wrong since. */
const query = (factor: number): string => `
import { Session } from 'millrace';
import { expr } from 'millrace/functions';
export default async (env) =>
  await Session.builder().getOrCreate()
    .readStream.schema('k STRING, v INT').option('maxFilesPerTrigger', 1).json(env.args[0])
    .groupBy('k').agg(expr('sum(v * ${factor})').alias('total'))
    .writeStream.outputMode('update').format('console').trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir).start();
`;

let folder = '';
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  // Inside of the tree, so that programs find the package.
  mkdirSync('coverage', { recursive: true });
  folder = mkdtempSync(join('coverage', 'replay-'));
  mkdirSync(path('in'));
  for (const [i, rows] of ['{"k":"a","v":1}', '{"k":"b","v":2}\n{"k":"a","v":3}', '{"k":"c","v":4}'].entries()) {
    writeFileSync(path(`in/${i}.json`), `${rows}\n`);
  }
  writeFileSync(path('query.mjs'), query(1));
  writeFileSync(path('changed.mjs'), query(2));
  await millrace(['run', path('query.mjs'), '--checkpoint', path('state'), '--quiet', '--', path('in')]);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function replay(batch: string, program: string, ...more: string[]) {
  return await millrace([
    'replay',
    path('state'),
    '--batch',
    batch,
    '--program',
    path(program),
    ...more,
    '--',
    path('in'),
  ]);
}

describe('millrace replay', () => {
  it('gives the same again, and no sink gets anything', async () => {
    const { status, stdout, stderr } = await replay('1', 'query.mjs');
    expect(stdout).toBe('The same again: 4 keys of state and every position.\n');
    expect(stderr).toContain('Running batch 1 again, from version 1; output operations and sinks get nothing.');
    expect(status).toBe(0);
  }, 30_000);

  it('lists by key what a changed program gives instead, with status 5', async () => {
    const { status, stdout } = await replay('1', 'changed.mjs', '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      {
        v: 1,
        type: 'difference',
        kind: 'state',
        change: 'changed',
        operator: 'aggregate',
        table: 'rows',
        partition: 0,
        key: ['a'],
        committed: [4, false],
        again: [7, false],
      },
      {
        v: 1,
        type: 'difference',
        kind: 'state',
        change: 'changed',
        operator: 'aggregate',
        table: 'rows',
        partition: 0,
        key: ['b'],
        committed: [2, false],
        again: [4, false],
      },
      { v: 1, type: 'replay', batch: 1, version: 2, keys: 4, differences: 2 },
    ]);
    expect(status).toBe(5);
  }, 30_000);
});

describe('millrace explain', () => {
  it('shows what a program would run, and starts nothing', async () => {
    const { status, stdout } = await millrace(['explain', path('query.mjs'), '--format', 'mermaid', '--', path('in')]);
    expect(stdout).toMatch(/^flowchart TD\n {2}n0\(\["StreamingRelation json/u);
    expect(stdout).toContain('[/"console"/]');
    expect(status).toBe(0);
  }, 30_000);
});
