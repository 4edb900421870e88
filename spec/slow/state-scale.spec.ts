import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../lib/broker/index.ts';

/** Each batch reads one record, its number, which stands for so many new keys; it tells how many keys it touched and when. */
const program = `import { existsSync, readFileSync } from 'node:fs';
import { StreamingContext } from 'millrace';
/** Memory of the process itself; pages of the checkpoint file, which the system takes back when it needs them, are not in it. */
function ownMegabytes() {
  if (!existsSync('/proc/self/status')) return 0;
  return Math.round(Number(/RssAnon:\\s+(\\d+)/u.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024);
}
export default function setup(env) {
  const config = { 'millrace.state.store': env.args[1] ?? 'memory-table' };
  const ssc = new StreamingContext({ appName: 'scale', batchInterval: 100, config });
  ssc.checkpoint(env.checkpointDir);
  const numbers = ssc.kafkaStream({ brokers: env.brokers, topics: ['numbers'], startingOffsets: 'earliest', maxRatePerPartition: 10 });
  const fresh = numbers.flatMap((record) => {
    const base = Number(record.value) * 100000;
    return Array.from({ length: Number(env.args[0]) }, (_, i) => ['user-' + (base + i), { visits: 1, last: 'page-' + i, batch: record.value }]);
  });
  fresh.updateStateByKey((values, state) => values[0] ?? state, { touchedOnly: true }).name('users').foreachRDD(async (rdd) => {
    const [[, user] = []] = await rdd.take(1);
    console.log('batch', user?.batch, 'keys', await rdd.count(), 'after', Math.round(performance.now()), 'ms');
    console.log('own memory at', user?.batch, 'is', ownMegabytes(), 'MB');
  });
  return ssc;
}
`;

/** State far larger than the JavaScript heap, and how soon a restart is back. */
describe('keyed state', () => {
  let broker: Broker;
  let folder: string;
  beforeAll(async () => {
    broker = await startBroker({ topics: 'numbers:1' });
    const producer = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({ topic: 'numbers', messages: Array.from({ length: 30 }, (_, i) => ({ value: String(i) })) });
    await producer.disconnect();
  });
  afterAll(async () => {
    await broker.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-scale-'));
    writeFileSync(join(folder, 'program.mjs'), program);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(
    keysPerBatch: number,
    batches: number,
    flags: readonly string[] = [],
    store = 'memory-table',
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const where = ['--brokers', broker.bootstrap, '--checkpoint', join(folder, 'state'), '--batches', String(batches)];
    const child = spawn(
      process.execPath,
      [
        ...flags,
        resolve('dist/cli/main.js'),
        'run',
        join(folder, 'program.mjs'),
        ...where,
        '--',
        String(keysPerBatch),
        store,
      ],
      { env: { ...process.env, NODE_OPTIONS: '' }, timeout: 540_000 },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, stdout, stderr };
  }

  it('holds 2 M keys in a heap of 512 MB', async () => {
    const ended = await run(100_000, 20, ['--max-old-space-size=512']);
    expect(ended.stderr).not.toMatch(/heap out of memory/u);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('batch 19 keys 100000');
  }, 300_000);

  it('gives its first batch soon after a restart with 1 M keys: within 3 s on a quiet machine', async () => {
    expect((await run(100_000, 10)).status).toBe(0);
    const { stdout, stderr } = await run(1000, 1);
    const after = Number(/batch 10 keys 1000 after (\d+) ms/u.exec(stdout)?.[1]);
    // A guard against work that grows with the state; the 3 s are for a quiet machine.
    expect({ stdout, stderr, isSoon: after < 10_000 }).toEqual({ stdout, stderr, isSoon: true });
  }, 300_000);

  it('keeps 3 M keys as rows in a heap of 192 MB, in memory that does not follow their number', async () => {
    const loaded = await run(100_000, 30, ['--max-old-space-size=192'], 'lmdb-rows');
    expect({ ...loaded, stdout: '' }).toMatchObject({ status: 0, stderr: expect.not.stringContaining('heap') });
    expect(loaded.stdout).toContain('batch 29 keys 100000');
    const memory = Array.from(loaded.stdout.matchAll(/own memory at \d+ is (\d+) MB/gu), ([, megabytes]) =>
      Number(megabytes),
    );
    expect(memory).toHaveLength(30);
    // The second half of the keys takes no more than the first: what differs is when garbage was collected.
    expect(Math.max(...memory.slice(15))).toBeLessThan(Math.max(...memory.slice(0, 15)) + 64);
    expect(Math.max(...memory)).toBeLessThan(512);
  }, 600_000);
});
