import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace } from '../e2e/millrace.ts';

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

/** The same in the style without a setup function: it runs where it is imported, and its checkpoint is its own. */
const topLevel = (checkpoint: string, input: string): string => `
import { Session } from 'millrace';
const session = await Session.builder().getOrCreate();
const query = await session.readStream.schema('k STRING, v INT').json('${input}')
  .groupBy('k').count()
  .writeStream.outputMode('update').format('console').option('checkpointLocation', '${checkpoint}').start();
await query.awaitTermination();
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

describe('a program at top level', () => {
  const discretized = `
import { StreamingContext } from 'millrace';
const ssc = new StreamingContext({ appName: 'own', batchInterval: 100 });
ssc.queueStream([['a']]).print();
try { await ssc.start(); } catch { console.log('caught'); }
await ssc.awaitTermination();
`;
  const forms = [
    ['with a query', topLevel],
    ['with a context', () => discretized],
  ] as const;

  it.each(forms)(
    '%s is refused before it has started anything',
    async (_, form) => {
      writeFileSync(path('top-level.mjs'), form(path('elsewhere'), path('in')));
      const { status, stdout, stderr } = await replay('1', 'top-level.mjs');
      expect(stderr).toMatch(/^\[CLI_PROGRAM_NO_SETUP\] .*top-level\.mjs .*millrace replay/u);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(existsSync(path('elsewhere'))).toBe(false);
    },
    30_000,
  );

  it('is refused for run --step as well', async () => {
    writeFileSync(path('stepped.mjs'), topLevel(path('elsewhere'), path('in')));
    const { status, stdout, stderr } = await millrace(['run', path('stepped.mjs'), '--step']);
    expect(stderr).toMatch(/^\[CLI_PROGRAM_NO_SETUP\] .*millrace run --step/u);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(existsSync(path('elsewhere'))).toBe(false);
  }, 30_000);

  it('may take no longer than a batch', async () => {
    writeFileSync(path('slow.mjs'), 'await new Promise((wake) => setTimeout(wake, 60_000));');
    const { status, stderr } = await replay('1', 'slow.mjs', '--batch-timeout', '200ms');
    expect(stderr).toMatch(/^\[CLI_PROGRAM_LOAD_TIMEOUT\] .*slow\.mjs did not end within 200 ms/u);
    expect(status).toBe(1);
  }, 30_000);
});

describe('millrace explain', () => {
  it('shows what a program would run, and starts nothing', async () => {
    const { status, stdout } = await millrace(['explain', path('query.mjs'), '--format', 'mermaid', '--', path('in')]);
    expect(stdout).toMatch(/^flowchart TD\n {2}n0\(\["StreamingRelation json/u);
    expect(stdout).toContain('[/"console"/]');
    expect(status).toBe(0);
  }, 30_000);

  it('names a step of a context once, and beside its method where the program named it', async () => {
    writeFileSync(
      path('stream.mjs'),
      `import { StreamingContext } from 'millrace';
       export default () => {
         const ssc = new StreamingContext({ appName: 'lines', batchInterval: 1000 });
         ssc.textFileStream('in').map((line) => line).name('lines').print();
         return ssc;
       };`,
    );
    const { stdout } = await millrace(['explain', path('stream.mjs'), '--format', 'mermaid']);
    expect(stdout).toContain('  n0(["text-file"])\n  n1["map: lines"]\n');
  }, 30_000);
});
