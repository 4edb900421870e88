import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Broker, startBroker } from 'millrace/broker';
import { type Ended, millrace } from '../e2e/millrace.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

/** Counts words for ever, and keeps enough versions that none goes away while they are looked at. */
const program = `
import { StreamingContext } from 'millrace';
export default (env) => {
  const ssc = new StreamingContext({
    appName: 'words',
    batchInterval: 200,
    config: { 'millrace.checkpoint.retainVersions': 10_000 },
  });
  const words = ssc.kafkaStream({ brokers: env.brokers, topics: 'lines', startingOffsets: 'earliest' })
    .flatMap((record) => record.value.split(' ')).map((word) => [word, 1]);
  words.updateStateByKey((ones, count) => (count ?? 0) + ones.length).name('counts').print(0);
  words.reduceByKeyAndWindow((a, b) => a + b, (a, b) => a - b, 60_000, 200).name('lately').print(0);
  return ssc;
};
`;

type Json = Readonly<Record<string, unknown>>;

let folder = '';
let checkpoint = '';
let broker: Broker;
let job: ChildProcess;
/** All that the job has written to standard output. */
let said = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-inspect-'));
  checkpoint = join(folder, 'state');
  writeFileSync(join(folder, 'words.mjs'), program);
  broker = await startBroker({ topics: 'lines:2' });
  await send('a a b');
  const words = ['run', 'words.mjs', '--brokers', broker.bootstrap, '--checkpoint', checkpoint, '--json'];
  job = spawn(process.execPath, [resolve('dist/cli/main.js'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  job.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await batchesDone(1);
  await send('b c');
  await batchesDone(2);
});

afterAll(async () => {
  job.kill('SIGKILL');
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(line: string): Promise<void> {
  const sent = await millrace(['produce', 'lines', '--brokers', broker.bootstrap, '--quiet'], { stdin: `${line}\n` });
  if (sent.status !== 0) throw new RangeError(sent.stderr);
}

/** Waits until the job has said of so many batches that they had records. */
async function batchesDone(count: number): Promise<void> {
  await new Promise<void>((settle, reject) => {
    const look = (): void => {
      const lines = said
        .split('\n')
        .filter((line) => line.includes('"type":"batch"') && !line.includes('"records":0,'));
      if (lines.length >= count) settle();
    };
    job.stdout?.on('data', look);
    job.once('exit', () => {
      reject(new RangeError('the job ended'));
    });
    look();
  });
}

async function look(...words: string[]): Promise<Ended> {
  return await millrace(words, { cwd: folder });
}

async function lookJson(...words: string[]): Promise<Json[]> {
  const { status, stdout, stderr } = await look(...words, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

interface Batch {
  readonly version?: number;
  readonly batchTime: number;
  readonly ranges: readonly Json[];
}

/** The batches that had records, oldest first: looked up once, since they stay as they are. */
async function batchesWithRecords(): Promise<readonly Batch[]> {
  batches ??= lookJson('checkpoint', 'inspect', 'state').then(([summary]) => {
    const all = summary?.['batches'] as readonly Batch[] | undefined;
    return (all ?? []).filter(({ ranges }) => ranges.length > 0);
  });
  return await batches;
}

let batches: Promise<readonly Batch[]> | undefined;

function versionOf(batch: Batch | undefined): string[] {
  return ['--operator', 'counts', '--batch', String(batch?.version)];
}

describe('while the program runs', () => {
  it('inspect shows who uses the checkpoint, what its batches read and what its steps hold, and makes no file', async () => {
    const before = readdirSync(checkpoint);
    const { status, stdout, stderr } = await look('checkpoint', 'inspect', 'state');
    expect([status, stderr, readdirSync(checkpoint)]).toEqual([0, '', before]);
    expect(stdout).toContain(`in use by    process ${job.pid} on `);
    expect(stdout).toContain('  counts (update-state-by-key)\n');
    expect(stdout).not.toContain('\u001B');
    const [summary] = await lookJson('checkpoint', 'inspect', 'state');
    expect(summary).toMatchObject({
      type: 'checkpoint',
      appName: 'words',
      lock: { pid: job.pid, status: 'running' },
      batchIntervalMs: 200,
      inputs: [{ id: 'kafka', kind: 'kafka' }],
    });
    const read = (await batchesWithRecords()).flatMap(({ ranges }) => ranges);
    expect(read.map(({ source, from, until }) => [source, Number(until) - Number(from)])).toEqual([
      ['kafka', 1],
      ['kafka', 1],
    ]);
  });

  it('state ls lists steps and their keys', async () => {
    const tables = await lookJson('state', 'state', 'ls');
    expect([...new Set(tables.map(({ operator, table }) => `${String(operator)} ${String(table)}`))]).toEqual([
      'counts state',
      'lately state',
      'lately slices',
    ]);
    const keys = await lookJson('state', 'state', 'ls', '--operator', 'counts');
    expect(Object.fromEntries(keys.map(({ key, value }) => [key, value]))).toEqual({ a: 2, b: 2, c: 1 });
    const { stdout, stderr } = await look('state', 'state', 'ls', '--operator', 'counts', '--limit', '1');
    expect([stdout.split('\n').length, stderr]).toEqual([
      2,
      expect.stringContaining('2 more keys; --limit shows more.'),
    ]);
  });

  it('state get gives the value of a key, in any retained version', async () => {
    const [first, second] = await batchesWithRecords();
    const byTime = ['--operator', 'counts', '--batch', String(first?.batchTime)];
    const [now, ...earlier] = await Promise.all(
      [
        ['c', '--operator', 'counts'],
        ['a', ...versionOf(first)],
        ['b', ...versionOf(second)],
        ['b', ...byTime],
      ].map(async (words) => await look('state', 'state', 'get', ...words)),
    );
    expect([now?.status, now?.stdout]).toEqual([0, '1\n']);
    expect(now?.stderr).toMatch(/^counts in version \d+, batch \d{4}-/u);
    expect(earlier.map(({ stdout }) => stdout)).toEqual(['2\n', '2\n', '1\n']);
  });

  it('state diff shows what a batch has done to each step', async () => {
    const [, second] = await batchesWithRecords();
    const version = Number(second?.version);
    const { status, stdout } = await look(
      'state',
      'state',
      'diff',
      '--from',
      String(version - 1),
      '--to',
      String(version),
    );
    const lines = stdout.split('\n');
    expect(status).toBe(0);
    expect(lines[0]).toBe('counts');
    expect(lines).toContain('  ~ b\t1 -> 2');
    expect(lines).toContain('  + c\t1');
    const changes = await lookJson(
      'state',
      'state',
      'diff',
      '--to',
      String(version),
      '--operator',
      'lately',
      '--table',
      'state',
    );
    expect(changes).toMatchObject([
      { type: 'change', change: 'changed', key: 'b', from: 1, to: 2 },
      { type: 'change', change: 'added', key: 'c', to: 1 },
      { type: 'diff', from: version - 1, to: version, added: 1, removed: 0, changed: 1 },
    ]);
  });

  const refusals: readonly (readonly [string, readonly string[], string, string, number])[] = [
    [
      'a key that is in two steps',
      ['state', 'get', 'b'],
      'CLI_STATE_KEY_AMBIGUOUS',
      'b in counts (state), b in lately (state)',
      2,
    ],
    ['a key that is nowhere', ['state', 'get', 'zebra'], 'CLI_STATE_KEY', 'There is no key zebra in any step', 1],
    [
      'a version that is not retained',
      ['state', 'get', 'b', '--batch', '99999'],
      'STATE_VERSION_NOT_RETAINED',
      ': 1 (batch ',
      2,
    ],
    ['a version that is no number', ['state', 'diff', '--from', 'old'], 'CLI_OPTION', 'Option --from cannot be old', 2],
    ['a step that is not there', ['state', 'ls', '--operator', 'count'], 'CLI_STATE_NAME', 'Did you mean counts?', 2],
    ['no key', ['state', 'get'], 'CLI_USAGE', 'Name the key to get.', 2],
    ['a key where none is taken', ['state', 'ls', 'b'], 'CLI_USAGE', 'ls takes no key.', 2],
    [
      'an action that is not there',
      ['state', 'list'],
      'CLI_USAGE',
      'The action cannot be list: it is one of ls, get, diff.',
      2,
    ],
    ['a directory that is not there', ['nowhere', 'ls'], 'CHECKPOINT_NOT_FOUND', 'There is no checkpoint in ', 4],
  ];

  it('refuses what is not there, by its code and status', async () => {
    const ended = await Promise.all(refusals.map(async ([, words]) => await look('state', ...words)));
    expect(ended.map(({ status, stdout, stderr }) => [status, stdout, stderr])).toEqual(
      refusals.map(([, , code, text, status]) => [
        status,
        '',
        expect.stringMatching(
          new RegExp(`^\\[${code}\\][\\s\\S]*${text.replaceAll(/[().?]/gu, String.raw`\$&`)}`, 'u'),
        ),
      ]),
    );
  });

  it('refuses a checkpoint that is damaged, with status 4', async () => {
    const copy = join(folder, 'damaged');
    cpSync(checkpoint, copy, { recursive: true });
    const data = readFileSync(join(copy, 'data.mdb'));
    writeFileSync(join(copy, 'data.mdb'), data.fill(0, 4096));
    for (const words of [
      ['checkpoint', 'inspect', 'damaged'],
      ['state', 'damaged', 'ls'],
    ]) {
      const { status, stderr } = await look(...words);
      expect([status, stderr]).toEqual([4, expect.stringContaining('[CHECKPOINT_')]);
    }
  });
});
