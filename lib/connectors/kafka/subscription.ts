import { raise } from '../../kernel/errors.ts';
import { editDistance } from '../../kernel/nearest.ts';
import type { KafkaCluster } from './cluster.ts';
import type { TopicPartition } from './partition-key.ts';
import { kafkaCode, protocolFailure } from './protocol-errors.ts';
import type { Subscription } from './source-options.ts';

/** The partitions that a subscription means now, in the order of topics and numbers. Topics of Kafka's own are never matched by a pattern. */
export async function subscribedPartitions(
  cluster: KafkaCluster,
  subscription: Subscription,
): Promise<readonly TopicPartition[]> {
  if (subscription.by === 'topics') return await partitionsOf(cluster, subscription.topics);
  if (subscription.by === 'pattern') {
    const { topics } = await cluster.metadata(undefined);
    const matching = [...topics.values()].filter(
      ({ name, isInternal }) => !isInternal && subscription.pattern.test(name),
    );
    const names = matching.map(({ name }) => name).toSorted();
    return names.flatMap((topic) => numbersOf(cluster, topic).map((partition) => ({ topic, partition })));
  }
  const all = await partitionsOf(cluster, [...subscription.assignment.keys()]);
  return [...subscription.assignment].flatMap(([topic, numbers]) =>
    numbers.map((partition) => {
      const count = all.filter((place) => place.topic === topic).length;
      if (partition >= count) raise('KAFKA_UNKNOWN_PARTITION', { topic, partition, count, last: count - 1 });
      return { topic, partition };
    }),
  );
}

async function partitionsOf(cluster: KafkaCluster, topics: readonly string[]): Promise<TopicPartition[]> {
  const metadata = await cluster.metadata(topics);
  for (const name of topics) {
    const error = metadata.topics.get(name)?.error ?? kafkaCode.unknownTopicOrPartition;
    if (error === kafkaCode.unknownTopicOrPartition || error === kafkaCode.invalidTopic) {
      await unknownTopic(cluster, name);
    }
    if (error !== 0) throw protocolFailure(error, 'Metadata', { topic: name });
  }
  return topics.flatMap((topic) => numbersOf(cluster, topic).map((partition) => ({ topic, partition })));
}

function numbersOf(cluster: KafkaCluster, topic: string): number[] {
  return [...(cluster.topic(topic)?.leaders.keys() ?? [])];
}

/** Says which topics there are: the wrong name is usually a typing error, or the wrong cluster. */
export async function unknownTopic(cluster: KafkaCluster, topic: string): Promise<never> {
  const { topics } = await cluster.metadata(undefined);
  const names = [...topics.values()].filter(({ isInternal }) => !isInternal).map(({ name }) => name);
  const near = names.filter((name) => name.includes(topic) || topic.includes(name) || editDistance(name, topic) <= 2);
  const list = (near.length > 0 ? near : names).toSorted().slice(0, 5).join(', ');
  const suggestion =
    list === ''
      ? 'The cluster has no topics yet: create it first.'
      : `${near.length > 0 ? 'Did you mean' : 'Create it first; there are'} ${list}${near.length > 0 ? '?' : '.'}`;
  return raise('KAFKA_UNKNOWN_TOPIC', { topic, addresses: cluster.addresses, suggestion }, { where: { topic } });
}
