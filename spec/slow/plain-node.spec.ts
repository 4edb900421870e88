import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

/** A program that Node runs by itself, without the command. */
const program = `
import { StreamingContext } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
const [folder, how] = process.argv.slice(2);
if (how === 'own listener') process.on('SIGTERM', () => { console.log('own'); process.exit(5); });
if (how === 'kept alive') setInterval(() => {}, 1000);
const ssc = await StreamingContext.getOrCreate(folder + '/checkpoint', () => {
  const made = new StreamingContext({
    appName: 'plain',
    batchInterval: 200,
    config: { 'spark.streaming.stopGracefullyOnShutdown': how === 'graceful' },
  });
  made.textFileStream(folder).foreachRDD(async () => {
    console.log('batch');
    // A batch that does not end: what is asked to stop has something to wait for.
    if (how === 'second signal') await new Promise((resolve) => setTimeout(resolve, 20_000));
  });
  return made;
});
await ssc.start();
await ssc.awaitTermination();
console.log('after');
`;

interface Ended {
  readonly status: unknown;
  /** What it printed after the first batch. */
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly isLocked: boolean;
}

let folder = '';
const children: ChildProcess[] = [];
/** By how the program is run: all of them at once, since they mostly wait. */
const outcomes = new Map<string, Promise<Ended>>();
const runs: Readonly<Record<string, readonly NodeJS.Signals[]>> = {
  'one SIGINT': ['SIGINT'],
  'one SIGTERM': ['SIGTERM'],
  graceful: ['SIGTERM'],
  'second signal': ['SIGINT', 'SIGTERM'],
  'own listener': ['SIGTERM'],
  'kept alive': ['SIGTERM'],
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-plain-'));
  writeFileSync(join(folder, 'program.mjs'), program);
  for (const [how, signals] of Object.entries(runs)) {
    const outcome = runUntilSignal(how, signals);
    outcome.catch(() => undefined);
    outcomes.set(how, outcome);
  }
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the program, sends it signals once its first batch has begun, and waits for its end. */
async function runUntilSignal(how: string, signals: readonly NodeJS.Signals[]): Promise<Ended> {
  const directory = join(folder, how);
  mkdirSync(directory);
  const child = spawn(process.execPath, [join(folder, 'program.mjs'), directory, how], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  const heard = new Promise<void>((settle) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('Stopping')) settle();
    });
  });
  const ended = new Promise((settle) => child.once('close', (status, signal) => settle(signal ?? status)));
  await new Promise<void>((settle) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      settle();
    });
  });
  const isLocked = existsSync(join(directory, 'checkpoint', 'process.lock'));
  expect(isLocked).toBe(true);
  stdout = '';
  const [first, ...others] = signals;
  child.kill(first);
  // Two that are on their way at once may arrive in any order.
  if (others.length > 0) await heard;
  for (const signal of others) child.kill(signal);
  const status = await ended;
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, lines, stderr, isLocked: existsSync(join(directory, 'checkpoint', 'process.lock')) };
}

async function outcomeOf(how: string): Promise<Ended> {
  return await (outcomes.get(how) ?? Promise.reject(new RangeError(how)));
}

describe('a program that Node runs by itself', () => {
  const stopping = 'Stopping: the running batch ends first. A second signal stops at once.\n';

  it.each([['SIGINT'], ['SIGTERM']] as const)(
    'stops at %s, goes on behind awaitTermination and ends with 0',
    async (signal) => {
      const { status, lines, stderr, isLocked } = await outcomeOf(`one ${signal}`);
      // A busy machine may have said something of its own before.
      expect([status, lines.at(-1), stderr.endsWith(stopping), isLocked]).toEqual([0, 'after', true, false]);
    },
  );

  it('lets two more boundaries become batches where it is to stop gracefully', async () => {
    const { status, lines, isLocked } = await outcomeOf('graceful');
    expect([status, isLocked]).toEqual([0, false]);
    expect(lines.slice(-3)).toEqual(['batch', 'batch', 'after']);
  });

  it('ends at once at a second signal, and leaves no lock', async () => {
    const { status, isLocked } = await outcomeOf('second signal');
    expect([status, isLocked]).toEqual([143, false]);
  });

  it('decides itself where it listens for the signal', async () => {
    const { status, lines, stderr, isLocked } = await outcomeOf('own listener');
    expect([status, lines.at(-1), stderr.includes(stopping), isLocked]).toEqual([5, 'own', false, false]);
  });

  it('is ended where something keeps it alive that nobody closes', async () => {
    const { status, lines, isLocked } = await outcomeOf('kept alive');
    expect([status, lines.at(-1), isLocked]).toEqual([0, 'after', false]);
  });
});
