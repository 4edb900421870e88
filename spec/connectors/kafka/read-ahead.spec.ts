import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { OptionReader } from '../../../lib/connectors/kafka/option-reader.ts';
import { type PackedBlock, sizeOfBlock } from '../../../lib/connectors/kafka/packed-block.ts';
import { ReadAhead } from '../../../lib/connectors/kafka/read-ahead.ts';
import type { FromReader, ReaderOptions, ReadOrder } from '../../../lib/connectors/kafka/read-protocol.ts';
import type { PlainError } from '../../../lib/kernel/plain-error.ts';
import { KafkaWriter } from './kafka-writer.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

const mebibyte = 1 << 20;

/** A consumer that takes blocks only when it is told to, and watches how much is on its way to it. */
class SlowConsumer {
  readonly #reader: ReadAhead;
  readonly #waiting: PackedBlock[] = [];
  readonly #order: string[] = [];
  #arrived: () => void = () => undefined;
  readonly failures: PlainError[] = [];
  heldBytes = 0;
  mostHeldBytes = 0;
  largestBlockBytes = 0;

  constructor(options: ReaderOptions) {
    this.#reader = new ReadAhead(options, (message) => {
      this.#receive(message);
    });
  }

  read(...orders: ReadOrder[]): void {
    this.#reader.handle({ kind: 'read', orders });
  }

  /** Takes the next block of a partition, waiting for it as a consumer does. */
  async take(key: string): Promise<PackedBlock> {
    for (;;) {
      const index = this.#waiting.findIndex((block) => `${block.topic}-${block.partition}` === key);
      const [block] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (block !== undefined) {
        this.heldBytes -= sizeOfBlock(block);
        this.#reader.handle({ kind: 'credit', sizeBytes: sizeOfBlock(block), memory: [] });
        return block;
      }
      this.#reader.handle({ kind: 'want', key });
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Waits until nothing has come for a while: the reader is full, or has all. */
  async quiet(): Promise<void> {
    for (let seen = 0; seen === 0 || seen !== this.#order.length;) {
      seen = this.#order.length;
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
  }

  get order(): readonly string[] {
    return this.#order;
  }

  close(): void {
    this.#reader.handle({ kind: 'close' });
  }

  #receive(message: FromReader): void {
    if (message.kind === 'failed') this.failures.push(message.error);
    if (message.kind !== 'block') return;
    this.#waiting.push(message.block);
    this.#order.push(message.key);
    const size = sizeOfBlock(message.block);
    this.heldBytes += size;
    this.mostHeldBytes = Math.max(this.mostHeldBytes, this.heldBytes);
    this.largestBlockBytes = Math.max(this.largestBlockBytes, size);
    this.#arrived();
  }
}

function order(partition: number, from: number, until: number, generation = 1): ReadOrder {
  return { topic: 't', partition, from, until, generation };
}

describe('reading ahead', () => {
  let broker: Broker;
  let writer: KafkaWriter;
  let consumer: SlowConsumer | undefined;

  beforeEach(async () => {
    broker = await startBroker({ topics: 't:3' });
    writer = new KafkaWriter(broker.bootstrap);
  });

  afterEach(async () => {
    consumer?.close();
    writer.close();
    await broker.stop();
  });

  function open(options: Partial<ReaderOptions> = {}): SlowConsumer {
    const connection = new OptionReader({ brokers: broker.bootstrap }, ['brokers']).connection();
    consumer = new SlowConsumer({
      ...connection,
      readCommitted: true,
      failOnDataLoss: true,
      maxBufferedBytes: mebibyte,
      maxRecordBytes: 16 * mebibyte,
      ...options,
    });
    return consumer;
  }

  async function fill(partition: number, batches: number, codec: 'none' | 'gzip' = 'none'): Promise<void> {
    const values = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(900, 'x'));
    for (let i = 0; i < batches; i++) await writer.write('t', partition, values, { codec });
  }

  async function takeAll(slow: SlowConsumer, partition: number, until: number, from = 0): Promise<number> {
    let records = 0;
    for (let next = from; next < until;) {
      const block = await slow.take(`t-${partition}`);
      expect(block.from).toBe(next);
      records += block.count;
      next = block.next;
    }
    return records;
  }

  it.each(['none', 'gzip'] as const)(
    'holds no more than its budget and one block, however slow the consumer (%s)',
    async (codec) => {
      await fill(0, 30, codec);
      const slow = open();
      slow.read(order(0, 0, 3000));
      await slow.quiet();
      expect(slow.heldBytes).toBeGreaterThan(mebibyte / 2);
      await slow.take('t-0');
      await slow.quiet();
      expect(await takeAll(slow, 0, 3000, 100)).toBe(2900);
      expect(slow.mostHeldBytes).toBeLessThanOrEqual(mebibyte + slow.largestBlockBytes);
    },
  );

  it('lets partitions whose turn has not come take half of the budget', async () => {
    for (const partition of [0, 1, 2]) await fill(partition, 15);
    const slow = open();
    slow.read(order(0, 0, 1500), order(1, 0, 1500), order(2, 0, 1500));
    await slow.quiet();
    for (const partition of [0, 1, 2]) expect(await takeAll(slow, partition, 1500)).toBe(1500);
    expect(new Set(slow.order.slice(0, 4))).toEqual(new Set(['t-0', 't-1']));
    expect(slow.mostHeldBytes).toBeLessThanOrEqual(mebibyte + slow.largestBlockBytes);
  });

  it('gives one block to who waits, also when it is larger than the budget', async () => {
    await writer.write('t', 0, ['x'.repeat(900_000), 'y'.repeat(100_000)]);
    await writer.write('t', 0, ['z'.repeat(900_000)]);
    const slow = open({ maxBufferedBytes: mebibyte / 2 });
    slow.read(order(0, 0, 3));
    expect(await takeAll(slow, 0, 3)).toBe(3);
  });

  it('reads behind the plan what is known to be there, so that the next batch has it', async () => {
    await fill(0, 3);
    const slow = open();
    slow.read(order(0, 0, 10));
    let next = 0;
    while (next < 300) next = (await slow.take('t-0')).next;
    expect(next).toBe(300);
  });

  it('sends nothing behind a record that cannot be read', async () => {
    await fill(0, 1);
    await writer.write('t', 0, ['x'.repeat(3000)]);
    await fill(0, 2);
    const slow = open({ maxRecordBytes: 2000 });
    slow.read(order(0, 0, 301));
    await slow.quiet();
    expect((await slow.take('t-0')).next).toBe(100);
    expect(slow.order).toEqual(['t-0']);
    expect(slow.failures).toMatchObject([{ code: 'KAFKA_RECORD_TOO_LARGE', where: { offset: 100 } }]);
  });

  it('reads many partitions with little in them at once', async () => {
    broker.createTopic('wide', { partitions: 40 });
    for (let i = 0; i < 40; i++) await writer.write('wide', i, [`a${i}`, `b${i}`]);
    const slow = open();
    slow.read(...Array.from({ length: 40 }, (_, i) => ({ ...order(i, 0, 2), topic: 'wide' })));
    await slow.quiet();
    for (let i = 0; i < 40; i++) {
      const { from, next, count, bytes, valueStart, valueSize } = await slow.take(`wide-${i}`);
      expect([from, next, count]).toEqual([0, 2, 2]);
      const [start, size] = [valueStart[1] ?? 0, valueSize[1] ?? 0];
      expect(bytes.toString('utf8', start, start + size)).toBe(`b${i}`);
    }
  });

  it('drops what was read ahead when the consumer jumps', async () => {
    await fill(0, 4);
    const slow = open();
    slow.read(order(0, 0, 100));
    await slow.take('t-0');
    slow.read(order(0, 50, 60, 2));
    let block = await slow.take('t-0');
    while (block.from !== 50) block = await slow.take('t-0');
    expect([block.from, block.firstOffset]).toEqual([50, 50]);
  });
});
