import { describe, expect, it } from '@jest/globals';
import { CommittedOffsets } from '../../../lib/broker/groups/committed-offsets.ts';
import { ByteBudget } from '../../../lib/broker/log/byte-budget.ts';
import { memorySegments } from '../../../lib/broker/log/memory-segment.ts';
import { readBatchHeader } from '../../../lib/broker/protocol/record-batch.ts';
import type { Json, MetadataKey, MetadataStore } from '../../../lib/broker/storage/metadata-store.ts';
import { TopicRegistry } from '../../../lib/broker/topics/topic-registry.ts';
import { TransactionCoordinator } from '../../../lib/broker/transactions/transaction-coordinator.ts';
import { ManualClock } from '../../../lib/kernel/manual-clock.ts';
import { recordBatch } from '../record-batches.ts';

/** Metadata that outlives its broker, and can end it at the n-th write. */
class LastingMetadata implements MetadataStore {
  readonly values = new Map<string, [MetadataKey, Json]>();
  writesLeft = Number.POSITIVE_INFINITY;

  put(key: MetadataKey, value: Json | undefined): void {
    if (this.writesLeft-- <= 0) throw new RangeError('no space left');
    if (value === undefined) this.values.delete(JSON.stringify(key));
    else this.values.set(JSON.stringify(key), [key, JSON.parse(JSON.stringify(value)) as Json]);
  }

  *entries(kind: string): Iterable<readonly [MetadataKey, Json]> {
    for (const [key, value] of this.values.values()) if (key[0] === kind) yield [key, value];
  }

  close(): void {
    // Stays for the next broker.
  }
}

function start(
  metadata = new LastingMetadata(),
  clock = new ManualClock(),
  stores = new Map<string, ReturnType<typeof memorySegments>>(),
) {
  const budget = new ByteBudget(1 << 30);
  const topics = new TopicRegistry({
    metadata,
    segmentsOf: (topic, _, partition) => {
      const key = `${topic}/${partition}`;
      const store = stores.get(key) ?? memorySegments(budget);
      stores.set(key, store);
      return store;
    },
    now: () => clock.now(),
    defaultConfigs: new Map(),
    maxPartitions: 100,
    maxProducerIds: 100,
    log: () => undefined,
  });
  if (topics.byName('t') === undefined) topics.create({ name: 't', partitions: 2 });
  const offsets = new CommittedOffsets(metadata);
  const transactions = new TransactionCoordinator({
    clock,
    metadata,
    topics,
    offsets,
    maxTimeoutMs: 900_000,
    maxTransactionalIds: 3,
  });
  transactions.recover();
  const init = (id = 'x', timeoutMs = 60_000) => {
    const { error, producerId, producerEpoch } = transactions.initialize(id, timeoutMs, -1, -1);
    return { error, transactionalId: id, producerId, producerEpoch };
  };
  const write = (producer: ReturnType<typeof init>, sequence: number, partition = 0): number => {
    const problem = transactions.writeProblem(producer, 't', partition);
    if (problem !== 0) return problem;
    const { producerId, producerEpoch } = producer;
    return (
      topics.log('t', partition)?.append(recordBatch({ producerId, producerEpoch, sequence, isTransactional: true }))
        .error ?? -1
    );
  };
  return { metadata, clock, topics, offsets, transactions, init, write };
}

const partitions = [{ topic: 't', partition: 0 }];
const offset = { topic: 't', partition: 0, offset: 9, leaderEpoch: -1, metadata: 'batch 1' };

/** Batches of a partition: 'r' a record, 'C' a marker. */
function picture({ topics }: ReturnType<typeof start>, partition = 0): string {
  const log = topics.log('t', partition);
  const batches = log?.read(0, 1e9, log.endOffset, true).batches ?? [];
  return batches.map((batch) => (readBatchHeader(batch).isControl ? (batch[69] === 1 ? 'C' : 'A') : 'r')).join('');
}

describe('a transaction', () => {
  it('that commits writes a marker and makes its offsets known', () => {
    const broker = start();
    const producer = broker.init();
    expect(broker.write(producer, 0)).toBe(48);
    expect(broker.transactions.addPartitions(producer, partitions)).toBe(0);
    expect(broker.transactions.addGroup(producer, 'g')).toBe(0);
    expect(broker.write(producer, 0)).toBe(0);
    expect(broker.transactions.commitOffsets(producer, 'g', [offset])).toBe(0);
    expect([broker.offsets.get('g', 't', 0), broker.offsets.isUnstable('g', 't', 0)]).toEqual([undefined, true]);
    expect(broker.transactions.end(producer, 'commit')).toBe(0);
    expect([broker.offsets.get('g', 't', 0)?.offset, broker.offsets.isUnstable('g', 't', 0)]).toEqual([9, false]);
    expect([picture(broker), picture(broker, 1)]).toEqual(['rC', '']);
  });

  it('that aborts leaves offsets as they were', () => {
    const broker = start();
    const producer = broker.init();
    broker.transactions.addPartitions(producer, partitions);
    broker.transactions.addGroup(producer, 'g');
    broker.write(producer, 0);
    broker.transactions.commitOffsets(producer, 'g', [offset]);
    expect(broker.transactions.end(producer, 'abort')).toBe(0);
    expect([broker.offsets.get('g', 't', 0), broker.offsets.isUnstable('g', 't', 0)]).toEqual([undefined, false]);
    expect(picture(broker)).toBe('rA');
  });

  it('may be ended twice the same way, not another way, and not before it began', () => {
    const broker = start();
    const producer = broker.init();
    expect(broker.transactions.end(producer, 'commit')).toBe(48);
    broker.transactions.addPartitions(producer, partitions);
    expect(broker.transactions.end(producer, 'commit')).toBe(0);
    expect(broker.transactions.end(producer, 'commit')).toBe(0);
    expect(broker.transactions.end(producer, 'abort')).toBe(48);
    expect(picture(broker)).toBe('C');
  });

  it('takes offsets only of groups that were added', () => {
    const broker = start();
    const producer = broker.init();
    broker.transactions.addPartitions(producer, partitions);
    expect(broker.transactions.commitOffsets(producer, 'g', [offset])).toBe(48);
  });

  it('is aborted and its producer fenced when the id is initialized again', () => {
    const broker = start();
    const old = broker.init();
    broker.transactions.addPartitions(old, partitions);
    broker.write(old, 0);
    const fresh = broker.init();
    expect(fresh.producerId).toBe(old.producerId);
    expect(fresh.producerEpoch).toBeGreaterThan(old.producerEpoch);
    expect(picture(broker)).toBe('rA');
    expect([
      broker.write(old, 1),
      broker.transactions.end(old, 'commit'),
      broker.transactions.addPartitions(old, partitions),
    ]).toEqual([47, 90, 90]);
    expect(broker.transactions.addPartitions(fresh, partitions)).toBe(0);
    expect(broker.write(fresh, 0)).toBe(0);
  });

  it('is aborted and its producer fenced after its timeout', async () => {
    const broker = start();
    const producer = broker.init('x', 5000);
    broker.transactions.addPartitions(producer, partitions);
    broker.write(producer, 0);
    await broker.clock.advance(4999);
    expect(picture(broker)).toBe('r');
    await broker.clock.advance(1);
    expect(picture(broker)).toBe('rA');
    expect(broker.transactions.end(producer, 'commit')).toBe(90);
  });

  it.each([
    ['', 1000, 42],
    ['x', 0, 50],
    ['x', 900_001, 50],
  ])('is refused for id %j and timeout %d', (id, timeoutMs, error) => {
    expect(start().init(id, timeoutMs).error).toBe(error);
  });

  it('knows an id by its producer', () => {
    const broker = start();
    const producer = broker.init();
    expect(broker.transactions.addPartitions({ ...producer, producerId: 99 }, partitions)).toBe(49);
    expect(broker.transactions.addPartitions({ ...producer, transactionalId: 'y' }, partitions)).toBe(49);
    expect(broker.transactions.initialize('x', 1000, producer.producerId, producer.producerEpoch).producerEpoch).toBe(
      1,
    );
    expect(broker.transactions.initialize('x', 1000, producer.producerId, producer.producerEpoch).error).toBe(90);
  });

  it('gets another producer when the epochs are used up', () => {
    const broker = start();
    const first = broker.init();
    let last = first;
    for (let i = 0; i < 32_767; i++) last = broker.init();
    expect(last.producerId).not.toBe(first.producerId);
    expect(last.producerEpoch).toBe(0);
  });

  it('makes room for a new id by forgetting one without a transaction', () => {
    const broker = start();
    const producers = ['a', 'b', 'c'].map((id) => broker.init(id));
    for (const producer of producers.slice(1)) broker.transactions.addPartitions(producer, partitions);
    expect(broker.init('d').error).toBe(0);
    expect(broker.transactions.addPartitions(producers[0] ?? broker.init('a'), partitions)).toBe(49);
    expect(broker.transactions.end(producers[1] ?? broker.init('b'), 'commit')).toBe(0);
  });
});

describe('after a restart', () => {
  it('producer ids are not given out again', () => {
    const metadata = new LastingMetadata();
    const ids = new Set<number>();
    for (let i = 0; i < 3; i++) {
      const { transactions } = start(metadata);
      for (let j = 0; j < 5; j++) ids.add(transactions.initialize(null, 0, -1, -1).producerId);
    }
    expect(ids.size).toBe(15);
  });

  it('an open transaction may go on, until the timeout it had', async () => {
    const metadata = new LastingMetadata();
    const before = start(metadata, new ManualClock(0));
    const producer = before.init('x', 5000);
    before.transactions.addPartitions(producer, partitions);
    const after = start(metadata, new ManualClock(4000));
    expect(after.write(producer, 0)).toBe(0);
    await after.clock.advance(999);
    expect(picture(after)).toBe('r');
    await after.clock.advance(1);
    expect(picture(after)).toBe('rA');
  });

  it('a decided transaction is carried out, with its offsets', () => {
    const metadata = new LastingMetadata();
    const before = start(metadata);
    const producer = before.init();
    before.transactions.addPartitions(producer, partitions);
    before.transactions.addGroup(producer, 'g');
    before.transactions.commitOffsets(producer, 'g', [offset]);
    // The decision is written, what follows it is not.
    metadata.writesLeft = 1;
    expect(() => before.transactions.end(producer, 'commit')).toThrow('no space left');
    metadata.writesLeft = Number.POSITIVE_INFINITY;
    const after = start(metadata);
    expect(picture(after)).toBe('C');
    expect(after.offsets.get('g', 't', 0)?.offset).toBe(9);
    expect(after.transactions.end(producer, 'commit')).toBe(0);
  });

  it('a decision that could not be written was not made', () => {
    const broker = start();
    const producer = broker.init();
    broker.transactions.addPartitions(producer, partitions);
    broker.metadata.writesLeft = 0;
    expect(() => broker.transactions.end(producer, 'commit')).toThrow('no space left');
    expect(picture(broker)).toBe('');
    broker.metadata.writesLeft = Number.POSITIVE_INFINITY;
    expect(broker.transactions.end(producer, 'abort')).toBe(0);
  });

  it('records of a transaction that nobody knows are aborted', () => {
    const stores = new Map<string, ReturnType<typeof memorySegments>>();
    const lasting = memorySegments(new ByteBudget(1 << 30));
    const orphan = recordBatch({ producerId: 77, producerEpoch: 4, isTransactional: true });
    stores.set('t/0', {
      ...lasting,
      open(visit) {
        const segment = lasting.create(0);
        segment.append({ bytes: orphan, baseOffset: 0, lastOffset: 0, maxTimestamp: 0 });
        visit(orphan, readBatchHeader(orphan));
        return [segment];
      },
    });
    const broker = start(new LastingMetadata(), new ManualClock(), stores);
    expect(picture(broker)).toBe('rA');
    expect(broker.topics.log('t', 0)?.lastStableOffset).toBe(2);
  });
});
