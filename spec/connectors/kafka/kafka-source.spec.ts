import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, type BrokerOptions, startBroker } from '../../../lib/broker/index.ts';
import { ReadAhead } from '../../../lib/connectors/kafka/read-ahead.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import type { Offset, OffsetRange } from '../../../lib/io/offsets.ts';
import type { Source } from '../../../lib/io/source.ts';
import { valuesOf } from '../../contracts/source.contract.ts';
import { record } from './log-stretch.ts';
import { KafkaWriter } from './kafka-writer.ts';
import { openSource } from './kafka-source-contract.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

const { Kafka, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');

/** The values of each partition that has any. */
async function read(source: Source, range: OffsetRange): Promise<string> {
  const values = await valuesOf(source, range, (each) => (each as KafkaRecord).value);
  return Object.entries(values)
    .map(([key, list]) => `${key}: ${list.join(' ')}`)
    .join(' | ');
}

function shortened(text: string): string {
  return `${text.slice(0, 20)} ${text.length}`;
}

describe('the Kafka source', () => {
  let broker: Broker;
  let writer: KafkaWriter;
  let directory: string | undefined;
  const sources: Source[] = [];
  const warnings: string[] = [];

  beforeEach(async () => {
    warnings.length = 0;
    await start({ topics: 't:2' });
  });

  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
    writer.close();
    await broker.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true });
    directory = undefined;
  });

  async function start(options: BrokerOptions): Promise<void> {
    broker = await startBroker(options);
    writer = new KafkaWriter(broker.bootstrap);
  }

  async function restart(options: BrokerOptions): Promise<void> {
    writer.close();
    await broker.stop();
    await start(options);
  }

  function open(options: object = {}): Source {
    const source = openSource(broker.bootstrap, { topics: ['t'], ...options }, (text) => warnings.push(text));
    sources.push(source);
    return source;
  }

  async function opened(options: object = {}): Promise<[Source, Offset]> {
    const source = open(options);
    return [source, await source.open(undefined)];
  }

  const admin = async <T>(work: (kafka: import('kafkajs').Admin) => Promise<T>): Promise<T> => {
    const client = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.disconnect();
    }
  };

  const remove = async (offset: number): Promise<void> => {
    await admin(async (client) => {
      // Loads the metadata that the next call needs.
      await client.fetchTopicOffsets('t');
      await client.deleteTopicRecords({ topic: 't', partitions: [{ partition: 0, offset: String(offset) }] });
    });
  };

  describe('where it begins', () => {
    beforeEach(async () => {
      await writer.records(
        't',
        0,
        [100, 200, 300].map((time) => record(`v${time}`, null, time)),
      );
    });

    it.each<[string, object, Offset]>([
      ['at the earliest', { startingOffsets: 'earliest' }, { 't-0': 0, 't-1': 0 }],
      ['at the latest', { startingOffsets: 'latest' }, { 't-0': 3, 't-1': 0 }],
      [
        'at a time, or at the end where nothing is as late',
        { startingOffsets: { timestamp: 150 } },
        { 't-0': 1, 't-1': 0 },
      ],
      ['behind all times', { startingOffsets: { timestamp: 900 } }, { 't-0': 3, 't-1': 0 }],
      ['at given offsets', { startingOffsets: { t: { 0: 2, 1: -2 } } }, { 't-0': 2, 't-1': 0 }],
      ['with an assignment', { topics: undefined, assignment: { t: [1] } }, { 't-1': 0 }],
      ['with a pattern', { topics: undefined, topicPattern: '[a-t]' }, { 't-0': 0, 't-1': 0 }],
    ])('%s', async (_, options, from) => {
      expect((await opened(options))[1]).toEqual(from);
    });

    it('reads topics that come to match a pattern later', async () => {
      const [source, from] = await opened({ topics: undefined, topicPattern: 't.*', startingOffsets: 'latest' });
      broker.createTopic('two');
      await writer.write('two', 0, ['new']);
      let range: OffsetRange = { from, until: from };
      for (let i = 0; i < 200 && range.until['two-0'] === undefined; i++) {
        range = await source.latestOffset(from, {});
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(await read(source, range)).toBe('two-0: new');
      expect(warnings.join()).toContain('two-0');
    });
  });

  it('hands out plain records', async () => {
    const headers = [['h', Buffer.from('x')]] as const;
    await writer.records('t', 1, [{ ...record('v', 'k', 1234), headers }]);
    const [source, from] = await opened();
    const seen: unknown[] = [];
    for (const part of source.read(await source.latestOffset(from, {}))) {
      for await (const block of part.blocks()) block.forEach((each) => seen.push({ ...(each as object) }));
    }
    const expected = { topic: 't', partition: 1, offset: 0, timestamp: 1234, key: 'k', value: 'v' };
    expect(seen).toEqual([{ ...expected, headers: { h: Buffer.from('x') } }]);
  });

  it.each<[string, object, unknown, unknown]>([
    ['texts', {}, 'k', '{"n":1}'],
    ['JSON', { value: 'json' }, 'k', { n: 1 }],
    ['bytes', { key: 'buffer' }, Buffer.from('k'), '{"n":1}'],
    ['what a function makes', { value: (bytes: Uint8Array) => bytes.length }, 'k', 7],
  ])('reads keys and values as %s', async (_, deserialize, key, value) => {
    await writer.records('t', 0, [record('{"n":1}', 'k'), record(null)]);
    const [source, from] = await opened({ deserialize });
    const seen: unknown[] = [];
    for (const part of source.read(await source.latestOffset(from, {}))) {
      for await (const block of part.blocks()) {
        block.forEach((each) => seen.push([(each as KafkaRecord).key, (each as KafkaRecord).value]));
      }
    }
    expect(seen).toEqual([
      [key, value],
      [null, null],
    ]);
  });

  it.each<[string, object, string]>([
    ['JSON', { value: 'json' }, 'JSON'],
    [
      'a function',
      {
        value: () => {
          throw new TypeError('odd');
        },
      },
      'odd',
    ],
  ])('names the record that %s cannot read', async (_, deserialize, text) => {
    await writer.records('t', 0, [record(null), record('{oops')]);
    const [source, from] = await opened({ deserialize });
    await expect(read(source, await source.latestOffset(from, {}))).rejects.toMatchObject({
      code: 'KAFKA_DESERIALIZE',
      exitCode: 1,
      where: { topic: 't', partition: 0, offset: 1 },
      message: expect.stringContaining(text),
    });
  });

  it('plans to the last stable offset and leaves out what is rolled back', async () => {
    const producer = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer({
      transactionalId: 'x',
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const first = await producer.transaction();
    await first.send({ topic: 't', messages: [{ value: 'gone', partition: 0 }] });
    await first.abort();
    const second = await producer.transaction();
    await second.send({ topic: 't', messages: [{ value: 'kept', partition: 0 }] });
    await writer.write('t', 0, ['plain']);
    const [source, from] = await opened();
    const before = await source.latestOffset(from, {});
    expect([before.until['t-0'], await read(source, before)]).toEqual([2, '']);
    await second.commit();
    await producer.disconnect();
    expect(await read(source, await source.latestOffset(before.until, {}))).toBe('t-0: kept plain');
    const [all, start] = await opened({ readCommitted: false });
    expect(await read(all, await all.latestOffset(start, {}))).toBe('t-0: gone kept plain');
  });

  it('commits the offsets of a group for others to see', async () => {
    await writer.write('t', 0, ['a', 'b']);
    const [source] = await opened({ groupId: 'lag' });
    await source.commit({ 't-0': 2, 't-1': 0 });
    const offsets = await admin(async (client) => await client.fetchOffsets({ groupId: 'lag', topics: ['t'] }));
    expect(offsets).toMatchObject([{ topic: 't', partitions: [{ offset: '2' }, { offset: '0' }] }]);
  });

  it('goes on without the group where committing fails, and says so', async () => {
    const [source] = await opened({ groupId: 'lag', requestTimeoutMs: 300 });
    broker.injectFault({ api: 'OffsetCommit', error: 29 });
    await source.commit({ 't-0': 0 });
    expect(warnings.join()).toContain('the offsets of group lag were not committed');
  });

  describe('when the cluster is in trouble', () => {
    it.each([
      ['a leader that moved (Fetch)', { api: 'Fetch', error: 6, times: 3 }],
      ['a leader that moved (ListOffsets)', { api: 'ListOffsets', error: 6, times: 2 }],
      ['a fenced epoch', { api: 'Fetch', error: 74, times: 1 }],
      ['a connection cut before the answer', { api: 'Fetch', drop: 'after' as const, times: 2 }],
      ['a connection cut while planning', { api: 'ListOffsets', drop: 'before' as const, times: 2 }],
    ])('reads the same records in spite of %s', async (_, fault) => {
      await writer.write('t', 0, ['a', 'b']);
      const [source, from] = await opened();
      broker.injectFault(fault);
      expect(await read(source, await source.latestOffset(from, {}))).toBe('t-0: a b');
    });

    it('goes on where it was when the broker comes back', async () => {
      directory = mkdtempSync(join(tmpdir(), 'millrace-source-'));
      await restart({ dir: directory, topics: 't:1' });
      const { port } = broker;
      const value = 'x'.repeat(50_000);
      for (let i = 0; i < 40; i++) await writer.write('t', 0, [`${i}:${value}`, `${i}b:${value}`]);
      const [source, from] = await opened({ maxBufferedBytes: 1 << 20 });
      const seen: string[] = [];
      for (const part of source.read(await source.latestOffset(from, {}))) {
        for await (const block of part.blocks()) {
          if (seen.length === 0) await restart({ dir: directory, port });
          block.forEach((each) => seen.push((each as KafkaRecord).value.split(':')[0] ?? ''));
        }
      }
      expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => [`${i}`, `${i}b`]).flat());
    });

    it('goes on after the broker closed the connections, also idle ones', async () => {
      const [source, from] = await opened();
      await writer.write('t', 0, ['a']);
      const first = await source.latestOffset(from, {});
      expect(await read(source, first)).toBe('t-0: a');
      await writer.write('t', 0, ['b']);
      broker.dropConnections();
      expect(await read(source, await source.latestOffset(first.until, {}))).toBe('t-0: b');
    });

    it('says so where access is denied', async () => {
      const [source, from] = await opened();
      broker.injectFault({ api: 'ListOffsets', error: 29 });
      await expect(source.latestOffset(from, {})).rejects.toMatchObject({ code: 'KAFKA_ACCESS_DENIED', exitCode: 2 });
    });

    it('says so where the broker answers with an error that does not pass', async () => {
      const [source, from] = await opened();
      broker.injectFault({ api: 'ListOffsets', error: -1 });
      await expect(source.latestOffset(from, {})).rejects.toMatchObject({ code: 'KAFKA_BROKER_ERROR', exitCode: 1 });
    });

    it('gives up on a broker that stays away, and tells that it waits', async () => {
      const [source, from] = await opened({ unreachableTimeoutMs: 1500 });
      await broker.stop();
      const start = performance.now();
      await expect(source.latestOffset(from, {})).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE', exitCode: 3 });
      expect(performance.now() - start).toBeLessThan(4000);
      expect(warnings.join()).toMatch(/broker unreachable, retrying \(\d+ s\)/u);
    });

    it('gives up while reading, too', async () => {
      await writer.write('t', 0, ['a']);
      const [source, from] = await opened({ unreachableTimeoutMs: 800 });
      const range = await source.latestOffset(from, {});
      await broker.stop();
      await expect(read(source, range)).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE', exitCode: 3 });
    });

    it('ends a wait for the broker when it is closed', async () => {
      const [source, from] = await opened();
      await broker.stop();
      const waiting = source.latestOffset(from, {});
      const closing = source.close();
      await expect(waiting).rejects.toMatchObject({ code: expect.stringMatching(/^KAFKA_/u) });
      await closing;
    });
  });

  describe('when records are missing', () => {
    beforeEach(async () => {
      await writer.write('t', 0, ['a', 'b', 'c', 'd']);
    });

    it('names exactly which, and ends with status 7 (planned, then removed)', async () => {
      const [source, from] = await opened();
      const range = await source.latestOffset(from, {});
      await remove(3);
      await expect(read(source, range)).rejects.toMatchObject({
        code: 'SOURCE_DATA_LOST',
        exitCode: 7,
        params: { partition: 't-0', from: 0, until: 3, earliest: 3, latest: 4 },
      });
    });

    it('names exactly which at a restart', async () => {
      await remove(3);
      await expect(open().open({ 't-0': 1, 't-1': 0 })).rejects.toMatchObject({
        code: 'SOURCE_DATA_LOST',
        exitCode: 7,
        params: { from: 1, until: 3 },
      });
    });

    it('counts them and goes on where that is allowed', async () => {
      const [source, from] = await opened({ failOnDataLoss: false });
      const range = await source.latestOffset(from, {});
      await remove(3);
      expect(await read(source, range)).toBe('t-0: d');
      expect(warnings.join()).toContain('3 records lost');
      const again = open({ failOnDataLoss: false });
      expect(await again.open({ 't-0': 1, 't-1': 0 })).toEqual({ 't-0': 3, 't-1': 0 });
    });

    it('ends with status 7 where the topic was made anew', async () => {
      const [source] = await opened();
      await admin(async (client) => await client.deleteTopics({ topics: ['t'] }));
      broker.createTopic('t', { partitions: 2 });
      await expect(open().open({ 't-0': 4, 't-1': 0 })).rejects.toMatchObject({
        code: 'SOURCE_BEYOND_END',
        exitCode: 7,
        params: { offset: 4, latest: 0 },
      });
      await expect(source.latestOffset({ 't-0': 4, 't-1': 0 }, {})).rejects.toMatchObject({
        code: 'SOURCE_BEYOND_END',
      });
    });

    it('begins anew in the new topic where loss is allowed', async () => {
      const [source] = await opened({ failOnDataLoss: false });
      await admin(async (client) => await client.deleteTopics({ topics: ['t'] }));
      broker.createTopic('t', { partitions: 2 });
      await writer.write('t', 0, ['new']);
      const range = await source.latestOffset({ 't-0': 4, 't-1': 0 }, {});
      expect([range.from['t-0'], await read(source, range)]).toEqual([0, 't-0: new']);
      expect(warnings.join()).toContain('SOURCE_BEYOND_END');
    });

    it('ends with status 7 where a partition of the checkpoint is gone', async () => {
      await expect(open().open({ 't-0': 1, 't-1': 0, 't-2': 5 })).rejects.toMatchObject({
        code: 'SOURCE_GONE',
        exitCode: 7,
        message: expect.stringContaining('t-2'),
      });
    });
  });

  it('refuses a record above the limit before taking its memory, and names it', async () => {
    broker.createTopic('big', { configs: { 'max.message.bytes': '30000000' } });
    await writer.write('big', 0, ['small']);
    await writer.write('big', 0, ['x'.repeat(20_000_000)]);
    for (const maxRecordBytes of [1 << 20, 18 << 20]) {
      const [source, from] = await opened({ topics: ['big'], maxRecordBytes });
      await expect(read(source, await source.latestOffset(from, {})).then(shortened)).rejects.toMatchObject({
        code: 'KAFKA_RECORD_TOO_LARGE',
        where: { topic: 'big', partition: 0, offset: 1 },
      });
    }
    const [source, from] = await opened({ topics: ['big'], maxRecordBytes: 30_000_000 });
    expect(shortened(await read(source, await source.latestOffset(from, {})))).toBe('big-0: small xxxxxxx 20000013');
  });
  describe('reading ahead of the first batch', () => {
    const original = Object.getOwnPropertyDescriptor(ReadAhead.prototype, 'handle')?.value as ReadAhead['handle'];
    const handle = jest.spyOn(ReadAhead.prototype, 'handle');

    afterAll(() => {
      handle.mockRestore();
    });

    beforeEach(async () => {
      handle.mockClear();
      await writer.write('t', 0, ['a', 'b', 'c']);
    });

    const orders = (): unknown[] =>
      handle.mock.calls.flatMap(([message]) => (message.kind === 'read' ? [message] : []));

    async function readAhead(source: Source, from: Offset): Promise<void> {
      const ordered = new Promise<void>((resolve) => {
        handle.mockImplementationOnce(function handled(this: ReadAhead, message) {
          Reflect.apply(original, this, [message]);
          resolve();
        });
      });
      source.readAhead?.(from);
      await ordered;
    }

    it('asks for what is there, and the batch goes on with it', async () => {
      const [source, from] = await opened();
      await readAhead(source, from);
      const order = { topic: 't', partition: 0, from: 0, generation: 1 };
      expect(orders()).toEqual([{ kind: 'read', orders: [{ ...order, until: 3 }] }]);
      expect(await read(source, { from, until: { 't-0': 2, 't-1': 0 } })).toBe('t-0: a b');
      expect(orders().at(-1)).toEqual({ kind: 'read', orders: [{ ...order, until: 2 }] });
      expect(await read(source, { from: { 't-0': 2 }, until: { 't-0': 3 } })).toBe('t-0: c');
    });

    it('is dropped where the batch begins elsewhere', async () => {
      const [source, from] = await opened();
      await readAhead(source, from);
      expect(await read(source, { from: { 't-0': 1 }, until: { 't-0': 3 } })).toBe('t-0: b c');
    });

    it('leaves a batch alone that has begun', async () => {
      const [source, from] = await opened();
      source.readAhead?.(from);
      const reading = read(source, { from, until: { 't-0': 3 } });
      expect(await reading).toBe('t-0: a b c');
      // By now its ends have come.
      expect(await source.latestOffset({ 't-0': 3 }, {})).toMatchObject({ until: { 't-0': 3 } });
      expect(orders()).toHaveLength(1);
    });

    it('begins nothing where nothing is to be read', async () => {
      const [source, from] = await opened({ startingOffsets: 'latest' });
      await readAhead(source, from);
      expect(orders()).toEqual([{ kind: 'read', orders: [] }]);
    });
  });
});
