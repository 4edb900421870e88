import { CompressionTypes, type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';

import { delay, systemClock } from '../../lib/kernel/clock.ts';

const T0 = 1_767_225_600_000;

/** What a program with stock kafkajs does with a broker; the answers, one a line, with names as given. */
export async function kafkajsScript(bootstrap: string, run: string): Promise<string> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const said: string[] = [];
  const say = (what: string, answer: unknown): void => {
    said.push(`${what}: ${JSON.stringify(answer)}`.replaceAll(`${run}-`, ''));
  };
  const admin = kafka.admin();
  await admin.connect();
  const topic = `${run}-kafkajs`;
  const configEntries = [
    { name: 'retention.ms', value: '-1' },
    { name: 'segment.ms', value: '9223372036854775807' },
  ];
  say(
    'created',
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2, configEntries }] }),
  );
  say('created again', await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] }));

  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const send = async (by: Pick<Producer, 'send'>, values: readonly string[], compression = CompressionTypes.None) =>
    await by.send({
      topic,
      compression,
      messages: values.map((value, i) => ({
        key: `k${i}`,
        value,
        partition: i % 2,
        timestamp: String(T0 + i),
        headers: { n: `${i}` },
      })),
    });
  say('sent', sorted(await send(producer, ['a', 'b', 'c', 'd'])));
  say('sent packed', sorted(await send(producer, ['e', 'f'], CompressionTypes.GZIP)));
  say('offsets', sorted(await admin.fetchTopicOffsets(topic)));
  say('at a time', sorted(await admin.fetchTopicOffsetsByTimestamp(topic, T0 + 1)));

  const transactional = kafka.producer({ transactionalId: `${run}-tx`, maxInFlightRequests: 1, idempotent: true });
  await transactional.connect();
  const aborted = await transactional.transaction();
  await send(aborted, ['lost', 'lost too']);
  await aborted.abort();
  const kept = await transactional.transaction();
  await send(kept, ['kept', 'kept too']);
  await kept.sendOffsets({
    consumerGroupId: `${run}-eos`,
    topics: [{ topic, partitions: [{ partition: 0, offset: '3' }] }],
  });
  await kept.commit();
  say('offsets sent', await admin.fetchOffsets({ groupId: `${run}-eos`, topics: [topic] }));
  const next = kafka.producer({ transactionalId: `${run}-tx`, maxInFlightRequests: 1, idempotent: true });
  await next.connect();
  say('fenced', await refusal(async () => await send(await transactional.transaction(), ['zombie'])));
  await Promise.all([producer.disconnect(), transactional.disconnect(), next.disconnect()]);

  say('read by a group of two', await readAsGroup(kafka, topic, `${run}-readers`));
  say('committed', sorted(await admin.fetchOffsets({ groupId: `${run}-readers`, topics: [topic] })));
  const { groups } = await admin.describeGroups([`${run}-readers`]);
  say(
    'group',
    groups.map(({ state, protocol, protocolType, members }) => ({
      state,
      protocol,
      protocolType,
      members: members.length,
    })),
  );
  say('deleted group', await admin.deleteGroups([`${run}-readers`]));
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
  say('offsets', sorted(await admin.fetchTopicOffsets(topic)));
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return said.join('\n');
}

interface PartitionRow {
  readonly partition?: number;
  readonly partitions?: readonly PartitionRow[];
}

/** kafkajs answers partitions in the order of its shuffled requests. */
function sorted(rows: readonly PartitionRow[]): readonly PartitionRow[] {
  const inner = rows.map((row) =>
    row.partitions === undefined ? row : Object.assign({}, row, { partitions: sorted(row.partitions) }),
  );
  return inner.toSorted((a, b) => (a.partition ?? 0) - (b.partition ?? 0));
}

async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    return (error as { type?: string; name: string }).type ?? (error as Error).name;
  }
}

/** The second member joins while the first reads; afterwards each has one partition, and every record was seen. */
async function readAsGroup(kafka: Kafka, topic: string, groupId: string): Promise<unknown> {
  const seen = new Map<string, string>();
  const shares = new Map<Consumer, number>();
  const join = async (): Promise<Consumer> => {
    const consumer = kafka.consumer({ groupId, heartbeatInterval: 300, maxWaitTimeInMs: 100, readUncommitted: true });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
      shares.set(consumer, (payload.memberAssignment[topic] ?? []).length),
    );
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => `${name}=${String(value)}`);
        const line = `${String(message.key)} ${String(message.value)} t+${Number(message.timestamp) - T0} ${headers.join()}`;
        seen.set(`${partition}@${message.offset}`, line);
        await Promise.resolve();
      },
    });
    return consumer;
  };
  const first = await join();
  const second = await join();
  const deadline = systemClock.monotonicMs() + 30_000;
  const isDone = (): boolean => shares.get(first) === 1 && shares.get(second) === 1 && seen.size >= 10;
  while (!isDone() && systemClock.monotonicMs() < deadline) await delay(systemClock, 50);
  await Promise.all([first.disconnect(), second.disconnect()]);
  return [[...shares.values()], [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1))];
}
