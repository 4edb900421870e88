import { createTopic, earliest, fetch, latest, listOffsets, messages, produce } from '../requests.ts';
import type { BrokerScript, Transcript } from '../transcript.ts';

async function create(t: Transcript, topic: string, more: object = {}, validateOnly = false): Promise<void> {
  const topics = [{ topic, numPartitions: 2, replicationFactor: 1, ...more }];
  await t.ask('CreateTopics', { topics, validateOnly, timeout: 10_000 });
}

async function metadata(t: Transcript, topic: string): Promise<void> {
  await t.ask('Metadata', { topics: [topic], allowAutoTopicCreation: false });
}

/** Metadata follows the controller after a moment, so it is asked until it shows what was done. */
async function metadataUntil(t: Transcript, topic: string, partitions: number): Promise<void> {
  await t.until<{ topicMetadata: { partitionMetadata: unknown[] }[] }>(
    ({ topicMetadata }) => topicMetadata[0]?.partitionMetadata.length === partitions,
    'Metadata',
    { topics: [topic], allowAutoTopicCreation: false },
  );
}

const TOPIC = 2;

async function describeConfigs(t: Transcript, name: string, configNames: readonly string[]): Promise<void> {
  const { resources } = await t.quietly<{
    resources: {
      errorCode: number;
      resourceName: string;
      configEntries: { configName: string; configValue: string; readOnly: boolean; isSensitive: boolean }[];
    }[];
  }>('DescribeConfigs', { resources: [{ type: TOPIC, name, configNames }], includeSynonyms: false });
  t.note(
    'DescribeConfigs',
    resources.map(({ errorCode, resourceName, configEntries }) => ({
      errorCode,
      resourceName,
      configs: configEntries.map(({ configName, configValue, readOnly, isSensitive }) => ({
        configName,
        configValue,
        readOnly,
        isSensitive,
      })),
    })),
  );
}

export const topicScripts: readonly BrokerScript[] = [
  {
    title: 'a created topic is described with its partitions and refused a second time',
    async run(t) {
      const topic = t.name('orders');
      await create(t, topic);
      await metadataUntil(t, topic, 2);
      await create(t, topic);
    },
  },
  {
    title: 'topic names, partition counts and replication factors are checked',
    async run(t) {
      for (const bad of ['nope!bad', 'with space', '', '.', '..', 'x'.repeat(250)]) {
        await t.ask('CreateTopics', {
          topics: [{ topic: bad, numPartitions: 1, replicationFactor: 1 }],
          validateOnly: true,
          timeout: 10_000,
        });
      }
      await create(t, t.name('none'), { numPartitions: 0 });
      await create(t, t.name('negative'), { numPartitions: -3 });
      await create(t, t.name('copies'), { replicationFactor: 3 });
      await create(t, t.name('none-kept'), { replicationFactor: 0 });
      await create(t, t.name('odd-config'), { configEntries: [{ name: 'no.such.config', value: '1' }] });
      await create(t, t.name('bad-value'), { configEntries: [{ name: 'retention.ms', value: 'soon' }] });
      await create(t, t.name('only-checked'), {}, true);
      await metadata(t, t.name('only-checked'));
      await create(t, t.name('defaults'), { numPartitions: -1, replicationFactor: -1 });
    },
  },
  {
    title: 'a topic that nobody made is unknown',
    async run(t) {
      await metadata(t, t.name('nobody'));
      await metadata(t, 'nope!bad');
    },
  },
  {
    title: 'partitions can be added and never taken away',
    async run(t) {
      const topic = await createTopic(t, 'growing');
      const grow = async (name: string, count: number, validateOnly = false) =>
        await t.ask('CreatePartitions', { topicPartitions: [{ topic: name, count }], timeout: 10_000, validateOnly });
      await grow(topic, 5, true);
      await grow(topic, 3);
      await metadataUntil(t, topic, 3);
      await grow(topic, 3);
      await grow(topic, 2);
      await grow(t.name('nobody'), 2);
    },
  },
  {
    title: 'a deleted topic is gone, and its name can be used again',
    async run(t) {
      const topic = await createTopic(t, 'short-lived');
      await produce(t, topic, messages('a', 'b'));
      await t.ask('DeleteTopics', { topics: [topic], timeout: 10_000 });
      await metadataUntil(t, topic, 0);
      await t.until<{ responses: { partitions: { errorCode: number }[] }[] }>(
        ({ responses }) => responses[0]?.partitions[0]?.errorCode === 3,
        'ListOffsets',
        { isolationLevel: 0, topics: [{ topic, partitions: [{ partition: 0, timestamp: latest }] }] },
      );
      await t.ask('DeleteTopics', { topics: [topic], timeout: 10_000 });
      await createTopic(t, 'short-lived');
      await t.until<{ responses: { partitions: { errorCode: number }[] }[] }>(
        ({ responses }) => responses[0]?.partitions[0]?.errorCode === 0,
        'ListOffsets',
        { isolationLevel: 0, topics: [{ topic, partitions: [{ partition: 0, timestamp: latest }] }] },
      );
    },
  },
  {
    title: 'configs given at creation are described, others have their defaults',
    async run(t) {
      const topic = await createTopic(t, 'kept', 1, { 'retention.ms': '3600000', 'max.message.bytes': '2048' });
      const names = [
        'retention.ms',
        'retention.bytes',
        'max.message.bytes',
        'cleanup.policy',
        'message.timestamp.type',
      ];
      await describeConfigs(t, topic, names);
      await describeConfigs(t, t.name('nobody'), ['retention.ms']);
    },
  },
  {
    title: 'altered configs replace what was set before',
    async run(t) {
      const topic = await createTopic(t, 'altered', 1, { 'message.timestamp.type': 'LogAppendTime' });
      const alter = async (entries: Record<string, string>, validateOnly = false) =>
        await t.ask('AlterConfigs', {
          resources: [
            {
              type: TOPIC,
              name: topic,
              configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })),
            },
          ],
          validateOnly,
        });
      const names = ['message.timestamp.type', 'max.message.bytes'];
      await alter({ 'max.message.bytes': '4096' });
      await t.until<{ resources: { configEntries: { configName: string; configValue: string }[] }[] }>(
        ({ resources }) =>
          resources[0]?.configEntries.some((c) => c.configName === 'max.message.bytes' && c.configValue === '4096') ??
          false,
        'DescribeConfigs',
        { resources: [{ type: TOPIC, name: topic, configNames: ['max.message.bytes'] }], includeSynonyms: false },
      );
      await describeConfigs(t, topic, names);
      await alter({ 'max.message.bytes': '8192' }, true);
      await alter({ 'no.such.config': '1' });
      await alter({ 'max.message.bytes': 'many' });
      await describeConfigs(t, topic, names);
    },
  },
  {
    title: 'deleted records move the start of the log and are out of range from then on',
    async run(t) {
      const topic = await createTopic(t, 'trimmed');
      await produce(t, topic, messages('a', 'b', 'c'));
      await produce(t, topic, messages('d', 'e'));
      const trim = async (offset: number, partition = 0, name = topic) =>
        await t.ask('DeleteRecords', {
          topics: [{ topic: name, partitions: [{ partition, offset }] }],
          timeout: 10_000,
        });
      await trim(2);
      await listOffsets(t, topic, earliest);
      await fetch(t, topic, 0);
      await fetch(t, topic, 1);
      await fetch(t, topic, 2);
      await trim(1);
      await trim(9);
      await trim(0, 7);
      await trim(0, 0, t.name('nobody'));
      await trim(-1);
      await listOffsets(t, topic, earliest);
      await listOffsets(t, topic, latest);
      await produce(t, topic, messages('f'));
      await fetch(t, topic, 5);
    },
  },
];
