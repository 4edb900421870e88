import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Admin, type Consumer, Kafka, logLevel, Partitioners, type Producer, type ProducerConfig } from 'kafkajs';
import { type Broker, startBroker } from '../../lib/broker/index.ts';

let broker: Broker;
let kafka: Kafka;
let admin: Admin;
const open: { disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  broker = await startBroker();
  kafka = new Kafka({ brokers: [broker.bootstrap], clientId: 'spec', logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
});

afterAll(async () => {
  await Promise.all(open.map((client) => client.disconnect()));
  await admin.disconnect();
  await broker.stop();
});

async function producer(config: ProducerConfig = {}): Promise<Producer> {
  const made = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: 1,
    ...config,
  });
  await made.connect();
  open.push(made);
  return made;
}

interface Reader {
  readonly consumer: Consumer;
  readonly values: string[];
  /** Resolves once as many values have been seen. */
  seen(count: number): Promise<void>;
}

const nothing = (): void => undefined;

async function reader(groupId: string, topic: string): Promise<Reader> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, heartbeatInterval: 100, sessionTimeout: 6000 });
  open.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  let wake = nothing;
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value));
      wake();
      await Promise.resolve();
    },
  });
  return {
    consumer,
    values,
    async seen(count) {
      while (values.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

describe('kafkajs', () => {
  it('creates a topic, produces and consumes in a group, and finds where it was', async () => {
    await admin.createTopics({ topics: [{ topic: 'line', numPartitions: 2 }] });
    const sender = await producer({ idempotent: true });
    const messages = Array.from({ length: 20 }, (_, i) => ({
      key: `k${i}`,
      value: `v${i}`,
      headers: { h: String(i) },
    }));
    await sender.send({ topic: 'line', messages });
    const first = await reader('line-group', 'line');
    await first.seen(20);
    await first.consumer.disconnect();
    expect(first.values.toSorted()).toEqual(messages.map(({ value }) => value).toSorted());
    await sender.send({ topic: 'line', messages: [{ value: 'later' }] });
    const second = await reader('line-group', 'line');
    await second.seen(1);
    expect(second.values).toEqual(['later']);
  }, 30_000);

  it('shares the partitions of a topic among members, and takes over from one that leaves', async () => {
    await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 4 }] });
    const sender = await producer();
    const send = async (prefix: string): Promise<void> => {
      const messages = Array.from({ length: 4 }, (_, partition) => ({ partition, value: `${prefix}${partition}` }));
      await sender.send({ topic: 'shared', messages });
    };
    const first = await reader('shared-group', 'shared');
    const second = await reader('shared-group', 'shared');
    await membersWithWork('shared-group', 2);
    await send('a');
    await Promise.all([first.seen(2), second.seen(2)]);
    expect([...first.values, ...second.values].toSorted()).toEqual(['a0', 'a1', 'a2', 'a3']);
    await first.consumer.disconnect();
    await send('b');
    await second.seen(6);
    expect(second.values.slice(2).toSorted()).toEqual(['b0', 'b1', 'b2', 'b3']);
  }, 30_000);

  it('commits records and offsets in one transaction and keeps both back when it aborts', async () => {
    await admin.createTopics({ topics: [{ topic: 'paid', numPartitions: 1 }] });
    const sender = await producer({ transactionalId: 'payments', idempotent: true });
    const offsets = {
      consumerGroupId: 'paid-group',
      topics: [{ topic: 'paid', partitions: [{ partition: 0, offset: '5' }] }],
    };
    const aborted = await sender.transaction();
    await aborted.send({ topic: 'paid', messages: [{ value: 'no' }] });
    await aborted.sendOffsets(offsets);
    await aborted.abort();
    expect((await admin.fetchOffsets({ groupId: 'paid-group', topics: ['paid'] }))[0]?.partitions[0]?.offset).toBe(
      '-1',
    );
    const committed = await sender.transaction();
    await committed.send({ topic: 'paid', messages: [{ value: 'yes' }] });
    await committed.sendOffsets(offsets);
    await committed.commit();
    expect((await admin.fetchOffsets({ groupId: 'paid-group', topics: ['paid'] }))[0]?.partitions[0]?.offset).toBe('5');
    const all = await reader('paid-readers', 'paid');
    await all.seen(1);
    expect(all.values).toEqual(['yes']);
  }, 30_000);

  it('fences the producer that had the transactional id before', async () => {
    await admin.createTopics({ topics: [{ topic: 'fenced', numPartitions: 1 }] });
    const config = { transactionalId: 'one-at-a-time', idempotent: true };
    const old = await producer(config);
    const transaction = await old.transaction();
    await transaction.send({ topic: 'fenced', messages: [{ value: 'old' }] });
    // kafkajs initializes the id when the first transaction begins, not when it connects.
    await (await producer(config)).transaction();
    await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    expect(await admin.fetchTopicOffsets('fenced')).toMatchObject([{ offset: '2' }]);
  }, 30_000);

  it('describes and alters configurations, deletes records, groups and topics', async () => {
    await admin.createTopics({
      topics: [{ topic: 'admin', numPartitions: 1, configEntries: [{ name: 'retention.bytes', value: '5000' }] }],
    });
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'admin', configEntries: [{ name: 'retention.ms', value: '77' }] }],
    });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'admin', configNames: ['retention.bytes', 'retention.ms'] }],
    });
    expect(resources[0]?.configEntries.map(({ configName, configValue }) => `${configName}=${configValue}`)).toEqual([
      'retention.bytes=-1',
      'retention.ms=77',
    ]);
    await (await producer()).send({ topic: 'admin', messages: [{ value: 'a' }, { value: 'b' }] });
    // kafkajs only deletes records of a topic that it has asked about before.
    await admin.fetchTopicOffsets('admin');
    await admin.deleteTopicRecords({ topic: 'admin', partitions: [{ partition: 0, offset: '1' }] });
    expect(await admin.fetchTopicOffsets('admin')).toEqual([{ partition: 0, offset: '2', high: '2', low: '1' }]);
    await admin.setOffsets({ groupId: 'admin-group', topic: 'admin', partitions: [{ partition: 0, offset: '1' }] });
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).toContain('admin-group');
    await admin.deleteGroups(['admin-group']);
    await admin.createPartitions({ topicPartitions: [{ topic: 'admin', count: 3 }] });
    expect((await admin.fetchTopicMetadata({ topics: ['admin'] })).topics[0]?.partitions).toHaveLength(3);
    await admin.deleteTopics({ topics: ['admin'] });
    expect(await admin.listTopics()).not.toContain('admin');
  }, 30_000);
});

/** Waits until a group has so many members and all of them know their partitions. */
async function membersWithWork(groupId: string, count: number): Promise<void> {
  for (;;) {
    const [group] = (await admin.describeGroups([groupId])).groups;
    if (group?.state === 'Stable' && group.members.length === count) return;
  }
}
