import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from 'millrace/broker';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, millrace } from '../e2e/millrace.ts';

// Processes take long to start where many others run.
jest.setTimeout(240_000);

/** Counts in windows, with a static table; `args`: where the batches go, the state, and in which batches a thread dies. */
const program = `
import { appendFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Session } from 'millrace';
import { col, fromJson, timestampMillis, window } from 'millrace/functions';

export default async ({ brokers, args: [file, checkpoint, ...dies] }) => {
  const post = Worker.prototype.postMessage;
  const due = dies.map(Number);
  Worker.prototype.postMessage = function (message, handedOver) {
    const at = due.indexOf(message.run);
    if (message.kind === 'run' && at >= 0) {
      due.splice(at, 1);
      void this.terminate();
    }
    post.call(this, message, handedOver);
  };
  const spark = Session.builder().config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  const names = spark.createDataFrame([['a', 'one'], ['b', 'two'], ['c', 'three']], 'k STRING, name STRING');
  const query = await spark.readStream
    .format('kafka')
    .option('kafka.bootstrap.servers', brokers.join())
    .option('subscribe', 'events')
    .option('startingOffsets', 'earliest')
    .option('maxOffsetsPerTrigger', 60)
    .load()
    .select(fromJson(col('value').cast('string'), 'k STRING, n INT, at BIGINT').alias('e'), 'partition')
    .select('e.k', 'e.n', timestampMillis('e.at').alias('t'), 'partition')
    .where('n <> 7')
    .join(names, 'k')
    .withWatermark('t', '2 seconds')
    .groupBy(window('t', '5 seconds'), 'name')
    .agg({ n: 'sum', partition: 'max' })
    .writeStream.outputMode('append')
    .foreachBatch(async (df, batch) => {
      appendFileSync(file, JSON.stringify([batch, await df.toJSON()]) + '\\n');
    })
    .trigger({ availableNow: true })
    .option('checkpointLocation', checkpoint)
    .start();
  await query.awaitTermination();
};
`;

let folder = '';
let broker: Broker | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-query-threads-'));
  writeFileSync(join(folder, 'program.mjs'), program);
  broker = await startBroker({ topics: 'events:4' });
  const lines = Array.from({ length: 400 }, (_, i) => {
    const event = { k: 'abcd'[i % 4], n: i % 11, at: Date.UTC(2024, 0, 1) + i * 100 - (i % 13 === 0 ? 9000 : 0) };
    return `key-${i % 17}:${JSON.stringify(event)}`;
  });
  await millrace(['produce', 'events', '--key', ':', '--brokers', broker.bootstrap, '--quiet'], {
    stdin: `${lines.join('\n')}\n`,
  });
});

afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(name: string, master: string, dies: readonly number[] = []): Promise<Ended & { written: string }> {
  const file = join(folder, `${name}.out`);
  const words = ['--brokers', broker?.bootstrap ?? '', '--master', master];
  const args = [file, join(folder, `${name}.checkpoint`), ...dies.map(String)];
  const ended = await millrace(['run', join(folder, 'program.mjs'), ...words, '--', ...args]);
  return { ...ended, written: readFileSync(file, 'utf8') };
}

describe('a structured query on threads that read from Kafka', () => {
  let one: Ended & { written: string };
  beforeAll(async () => {
    one = await run('one', 'local');
  });

  it('gives what it gives on one, in the same order', async () => {
    const [two, three] = await Promise.all([run('two', 'local[2]'), run('three', 'local[3]')]);
    expect([one.status, two.status, three.status]).toEqual([0, 0, 0]);
    expect(one.written.trim().split('\n').length).toBeGreaterThan(5);
    expect(one.written).toContain('three');
    expect(two.written).toBe(one.written);
    expect(three.written).toBe(one.written);
    expect([one, two, three].map(({ stderr }) => stderr.includes('QUERY_'))).toEqual([false, false, false]);
  });

  it('has the successor of a thread that died read the same again', async () => {
    const died = await run('died', 'local[2]', [2, 4]);
    expect(died).toMatchObject({ status: 0, written: one.written });
    expect(died.stderr.match(/\[QUERY_THREAD_REPLACED\]/gu)).toHaveLength(2);
  });

  it('fails with a code where the successor dies too, and goes on there with another number of threads', async () => {
    const dead = await run('dead', 'local[2]', [3, 3, 3, 3]);
    expect(dead.status).toBe(1);
    expect(dead.stderr).toContain('QUERY_THREAD_ENDED');
    const resumed = await run('dead', 'local[3]');
    expect(resumed).toMatchObject({ status: 0, written: one.written });
  });
});
