import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { createKafkaConnector } from '../../../lib/connectors/kafka/kafka-connector.ts';
import { partitionOfKey } from '../../../lib/connectors/kafka/murmur2.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import type { Sink } from '../../../lib/io/sink.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { openSource } from './kafka-source-contract.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

const id = { batchTime: 1000, operation: 'out', attempt: 1 };

describe('the Kafka sink', () => {
  let broker: Broker;
  const sinks: Sink[] = [];
  const warnings: string[] = [];

  beforeEach(async () => {
    warnings.length = 0;
    broker = await startBroker({ topics: 'out:3' });
  });

  afterEach(async () => {
    for (const sink of sinks.splice(0)) await sink.close();
    await broker.stop();
  });

  function open(options: object = {}): Sink {
    const { sink } = createKafkaConnector();
    if (sink === undefined) throw new Error('the connector has no sink');
    const made = sink(
      { brokers: broker.bootstrap, topic: 'out', ...options },
      { clock: systemClock, warn: (text) => warnings.push(text) },
    );
    sinks.push(made);
    return made;
  }

  /** What the topic holds, partition by partition. */
  async function written(topic = 'out'): Promise<KafkaRecord[]> {
    const source = openSource(broker.bootstrap, { topics: [topic] });
    const records: KafkaRecord[] = [];
    const range = await source.latestOffset(await source.open(undefined), {});
    for (const part of source.read(range)) {
      for await (const block of part.blocks()) block.forEach((each) => records.push(each as KafkaRecord));
    }
    await source.close();
    return records;
  }

  it('puts a pair into the partition where any producer puts its key', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await open().write(
      id,
      keys.map((key, i) => [key, { i }]),
    );
    const records = await written();
    for (const { key, partition } of records) expect(partition).toBe(partitionOfKey(Buffer.from(key ?? ''), 3));
    expect(records.map(({ key, value }) => `${String(key)}=${value}`).toSorted()).toEqual(
      keys.map((key, i) => `${key}={"i":${i}}`),
    );
  });

  it('keeps the order of each partition over many requests', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ value: `${i}`, partition: i % 3 }));
    await open({ batchBytes: 4096 }).write(id, rows);
    const records = await written();
    expect(records).toHaveLength(5000);
    for (const partition of [0, 1, 2]) {
      const values = records.filter((each) => each.partition === partition).map(({ value }) => Number(value));
      expect(values).toEqual(rows.filter((row) => row.partition === partition).map(({ value }) => Number(value)));
    }
  });

  it('spreads rows without a key over the partitions', async () => {
    await open({ batchBytes: 2000 }).write(
      id,
      Array.from({ length: 300 }, (_, i) => `row ${i}`),
    );
    const partitions = new Set((await written()).map(({ partition }) => partition));
    expect(partitions).toEqual(new Set([0, 1, 2]));
  });

  it.each(['none', 'gzip', 'snappy', 'lz4'])('writes what can be read back (%s)', async (compression) => {
    const headers = { trace: 'ü' };
    await open({ compression }).write(id, [{ key: 'k', value: 'v', headers, timestamp: 1234 }, ['gone', null]]);
    const records = await written();
    expect(records.find(({ key }) => key === 'gone')?.value).toBeNull();
    expect(records.find(({ key }) => key === 'k')).toMatchObject({
      value: 'v',
      timestamp: 1234,
      headers: { trace: Buffer.from('ü') },
    });
  });

  it('writes nothing for no rows, without a connection', async () => {
    await expect(open({ brokers: '127.0.0.1:1' }).write(id, [])).resolves.toBeUndefined();
  });

  it.each([
    ['a leader that moved', { api: 'Produce', error: 6, times: 2 }],
    ['a connection cut before the request', { api: 'Produce', drop: 'before' as const, times: 2 }],
    ['metadata that is not ready', { api: 'Metadata', error: 5, times: 2 }],
  ])('writes every row once in spite of %s', async (_, fault) => {
    broker.injectFault(fault);
    await open().write(id, ['a', 'b', 'c']);
    expect((await written()).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  });

  it('writes again where only the answer was lost: at least once', async () => {
    broker.injectFault({ api: 'Produce', drop: 'after', times: 1 });
    await open().write(id, ['a']);
    expect((await written()).map(({ value }) => value)).toEqual(['a', 'a']);
  });

  it('halves batches that the topic does not take', async () => {
    broker.createTopic('tight', { configs: { 'max.message.bytes': '500' } });
    const rows = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(100)}`);
    await open({ topic: 'tight' }).write(id, rows);
    expect((await written('tight')).map(({ value }) => value)).toEqual(rows);
  });

  it.each<[string, object, unknown, object]>([
    [
      'a record that the topic does not take',
      { topic: 'tight' },
      'x'.repeat(2000),
      { code: 'KAFKA_SEND_TOO_LARGE', exitCode: 9 },
    ],
    [
      'a partition that does not exist',
      {},
      { value: 'v', partition: 3 },
      { code: 'KAFKA_SEND_PARTITION', exitCode: 9 },
    ],
    ['a row that is no record', {}, undefined, { code: 'KAFKA_SEND_ROW', exitCode: 9 }],
  ])('fails for %s', async (_, options, row, expected) => {
    broker.createTopic('tight', { configs: { 'max.message.bytes': '500' } });
    await expect(open(options).write(id, [row])).rejects.toMatchObject(expected);
  });

  it('names topics that there are where the one that was given is missing', async () => {
    await expect(open({ topic: 'oout' }).write(id, ['a'])).rejects.toMatchObject({
      code: 'KAFKA_UNKNOWN_TOPIC',
      exitCode: 2,
      message: expect.stringContaining('Did you mean out?'),
    });
    // Until it is certain nothing is said that would look like another fault.
    expect(warnings).toEqual([]);
  });

  it.each([
    ['an error that does not pass', { api: 'Produce', error: 87 }, 'INVALID_RECORD'],
    ['an error that should pass and does not', { api: 'Produce', error: 19 }, 'NOT_ENOUGH_REPLICAS'],
  ])('fails with status 9 on %s, in time', async (_, fault, text) => {
    broker.injectFault(fault);
    const start = performance.now();
    await expect(open({ deliveryTimeoutMs: 700 }).write(id, ['a'])).rejects.toMatchObject({
      code: 'KAFKA_SEND_FAILED',
      exitCode: 9,
      message: expect.stringContaining(text),
    });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('fails with status 9 where the broker is gone, in time, and tells that it waits', async () => {
    await broker.stop();
    await expect(open({ deliveryTimeoutMs: 900 }).write(id, ['a'])).rejects.toMatchObject({
      code: 'KAFKA_SEND_FAILED',
      exitCode: 9,
      cause: { code: 'KAFKA_UNREACHABLE' },
    });
    expect(warnings.join()).toContain('broker unreachable, retrying');
  });
});
