import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

/** A run of an output operation: the batch time and the attempt that it was told. */
type Run = readonly [batchTime: number, attempt: number];

interface Crashed {
  /** The signal that ended each process. */
  readonly signals: readonly unknown[];
  readonly runs: readonly Run[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-attempts-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs with plain Node, notes every run of its output operation, and stops after some more batches unless it is killed before. */
const program = `
import { appendFileSync } from 'node:fs';
import { StreamingContext } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
const [folder] = process.argv.slice(2);
const ssc = await StreamingContext.getOrCreate(folder + '/checkpoint', () => {
  const made = new StreamingContext({ appName: 'attempts', batchInterval: 50 });
  let ran = 0;
  made.textFileStream(folder + '/in').countByWindow(100, 50).foreachRDD(async (rdd, time, batch) => {
    await rdd.collect();
    appendFileSync(folder + '/runs', batch.batchTime + ' ' + batch.attempt + '\\n');
    ran += 1;
    if (process.env.KILL_IN_BATCH === String(ran)) process.kill(process.pid, 'SIGKILL');
    if (ran === 6) queueMicrotask(() => void made.stop());
  });
  return made;
});
await ssc.start();
await ssc.awaitTermination();
`;

async function runProgram(directory: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(process.execPath, [join(folder, 'program.mjs'), directory], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  return await new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      settle(signal ?? status);
    });
  });
}

/** Runs the program once for each environment, on the same checkpoint. */
async function crashed(name: string, environments: readonly Readonly<Record<string, string>>[]): Promise<Crashed> {
  const directory = join(folder, name);
  mkdirSync(join(directory, 'in'), { recursive: true });
  writeFileSync(join(folder, 'program.mjs'), program);
  const signals: unknown[] = [];
  for (const environment of environments) signals.push(await runProgram(directory, environment));
  const file = join(directory, 'runs');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return { signals, runs: lines.map((line) => line.split(' ').map(Number) as unknown as Run) };
}

/** Batches in the order of their time, with the attempts of each. */
function attemptsByBatch(runs: readonly Run[]): number[][] {
  const found = new Map<number, number[]>();
  for (const [time, attempt] of runs) found.set(time, [...(found.get(time) ?? []), attempt]);
  return [...found.keys()].toSorted((a, b) => a - b).map((time) => found.get(time) ?? []);
}

describe('a process that is killed', () => {
  // The third batch is the one in flight; all processes run at the same time, since they mostly wait.
  const points = ['after-plan', 'before-commit', 'in-commit', 'after-commit'] as const;
  const outcomes = new Map<string, Promise<Crashed>>();
  beforeAll(() => {
    for (const point of points) {
      const outcome = crashed(point, [{ MILLRACE_FAULT: `${point}:3` }, {}]);
      outcome.catch(() => undefined);
      outcomes.set(point, outcome);
    }
  });

  it.each<readonly [(typeof points)[number], number[]]>([
    // Its plan was durable, so nobody can know that its functions had not run.
    ['after-plan', [2]],
    ['before-commit', [1, 2]],
    ['in-commit', [1, 2]],
    ['after-commit', [1]],
  ])('%s tells the output operation of its third batch the attempts %j, and all others 1', async (point, third) => {
    const { signals, runs } = await (outcomes.get(point) ?? crashed(point, []));
    expect(signals).toEqual(['SIGKILL', 0]);
    const attempts = attemptsByBatch(runs);
    expect(attempts.slice(0, 3)).toEqual([[1], [1], third]);
    const [fourth, ...others] = attempts.slice(3);
    // One that waited already: its plan was durable with the commit, and nobody can know that its functions had not run.
    expect(point === 'after-commit' ? [[1], [2]] : [[1]]).toContainEqual(fourth);
    expect(others.every((each) => each.length === 1 && each[0] === 1)).toBe(true);
    expect(attempts.length).toBeGreaterThan(6);
  });

  it('in its own output operation, again and again, counts on, and runs no other batch twice', async () => {
    const kill = { KILL_IN_BATCH: '2' };
    const again = { KILL_IN_BATCH: '1' };
    const { signals, runs } = await crashed('again', [kill, again, {}, {}]);
    expect(signals).toEqual(['SIGKILL', 'SIGKILL', 0, 0]);
    const [first, second, ...others] = attemptsByBatch(runs);
    expect([first, second]).toEqual([[1], [1, 2, 3]]);
    // A program that ended in order has left nothing that could have run before.
    expect(others.every((each) => each.length === 1 && each[0] === 1)).toBe(true);
  });
});
