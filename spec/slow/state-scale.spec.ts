import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** State far larger than the JavaScript heap, and how soon a restart is back. */
describe('keyed state', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-scale-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Each batch brings 100,000 new keys until there are `keys`; then it counts what it holds and how long after the start of the process. */
  function program(keys: number): string {
    const path = join(folder, 'program.mjs');
    writeFileSync(
      path,
      `import { StreamingContext } from 'millrace';
export default function setup(env) {
  const ssc = new StreamingContext({ appName: 'scale', batchInterval: 100 });
  ssc.checkpoint(env.checkpointDir);
  const batch = ssc.queueStream([], true, ssc.sparkContext.parallelize(Array.from({ length: 100000 }, (_, i) => i)));
  const first = Number(process.env.FIRST);
  const fresh = batch.transform((rdd, time) => {
    globalThis.turn = (globalThis.turn ?? -1) + 1;
    const base = first + globalThis.turn * 100000;
    return rdd.map((i) => ['user-' + (base + i), { visits: 1, last: 'page-' + i }]);
  });
  fresh.updateStateByKey((values, state) => values[0] ?? state, { touchedOnly: true }).name('users').foreachRDD(async (rdd, time) => {
    console.log('batch', globalThis.turn, 'keys', await rdd.count(), 'after', Math.round(performance.now()), 'ms, heap', Math.round(process.memoryUsage().heapUsed / 1e6));
  });
  return ssc;
}
`,
    );
    expect(keys % 100_000).toBe(0);
    return path;
  }

  function run(
    path: string,
    first: number,
    batches: number,
    ...flags: string[]
  ): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(
      process.execPath,
      [
        ...flags,
        resolve('dist/cli/main.js'),
        'run',
        path,
        '--checkpoint',
        join(folder, 'state'),
        '--batches',
        String(batches),
      ],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', FIRST: String(first) },
        timeout: 240_000,
      },
    );
  }

  it('holds 2 M keys in a heap of 512 MB', () => {
    const ended = run(program(2_000_000), 0, 20, '--max-old-space-size=512');
    expect(ended.stderr).not.toMatch(/heap out of memory/u);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('batch 19 keys 100000');
  }, 300_000);

  it('gives its first batch within 3 s of a restart with 1 M keys', () => {
    const path = program(1_000_000);
    expect(run(path, 0, 10).status).toBe(0);
    const ended = run(path, 1_000_000, 1);
    const after = Number(/batch 0 keys 100000 after (\d+) ms/u.exec(ended.stdout)?.[1]);
    expect(after).toBeLessThan(3000);
  }, 300_000);
});
