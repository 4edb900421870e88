import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  list,
  noUuid,
  nullableArray,
  nullableString,
  string,
  throttleTimeMs,
  uuid,
} from '../protocol/schema.ts';
import { topicConfigs } from '../topics/topic-config.ts';
import type { TopicProblem } from '../topics/topic-registry.ts';
import { defineApi, nodeId } from './api.ts';
import { ConfigSource } from './config-entries.ts';

interface Asked {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partition: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** Creates topics, each on its own: one that is refused does not hold up the others. */
export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: [2, 7],
  flexibleSince: 5,
  request: {
    topics: array({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({ partition: int32(), brokerIds: list(int32()) }),
      configs: array({ name: string(), value: nullableString() }),
    }),
    timeoutMs: int32(),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    topics: array({
      name: string(),
      topicId: uuid({ since: 7 }),
      errorCode: int16(),
      errorMessage: nullableString(),
      numPartitions: int32({ since: 5 }),
      replicationFactor: int16({ since: 5 }),
      configs: nullableArray(
        {
          name: string(),
          value: nullableString(),
          isReadOnly: boolean(),
          source: int8(),
          isSensitive: boolean(),
        },
        { since: 5 },
      ),
    }),
  },
  handle({ topics, validateOnly }, { broker }) {
    const isRepeated = (name: string): boolean => topics.filter((topic) => topic.name === name).length > 1;
    return {
      topics: topics.map((topic) => {
        const partitions = partitionCount(topic, broker.defaultPartitions);
        const configs = new Map(topic.configs.map(({ name, value }) => [name, value]));
        const wanted = { name: topic.name, partitions, configs };
        const repeated = isRepeated(topic.name) ? duplicate : undefined;
        const problem = repeated ?? replicaProblem(topic) ?? broker.topics.problemOf(wanted);
        if (problem !== undefined) return refused(topic.name, problem);
        const created = validateOnly ? undefined : broker.topics.create(wanted);
        return {
          name: topic.name,
          topicId: created?.id ?? noUuid,
          errorCode: KafkaError.none,
          numPartitions: partitions,
          replicationFactor: 1,
          configs: describeConfigs(configs),
        };
      }),
    };
  },
});

const duplicate: TopicProblem = { error: KafkaError.invalidRequest, message: 'Duplicate topic name.' };

function partitionCount({ numPartitions, assignments }: Asked, fallback: number): number {
  if (assignments.length > 0) return assignments.length;
  return numPartitions === -1 ? fallback : numPartitions;
}

function replicaProblem({ numPartitions, replicationFactor, assignments }: Asked): TopicProblem | undefined {
  if (assignments.length === 0) {
    if (replicationFactor === 1 || replicationFactor === -1) return undefined;
    const message = `Unable to replicate the partition ${replicationFactor} time(s): there is one broker.`;
    return { error: KafkaError.invalidReplicationFactor, message };
  }
  if (numPartitions !== -1 || replicationFactor !== -1) {
    return { error: KafkaError.invalidRequest, message: 'Both counts and assignments are given.' };
  }
  const indexes = assignments.map(({ partition }) => partition).toSorted((a, b) => a - b);
  const isComplete = indexes.every((partition, i) => partition === i);
  const isHere = assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId);
  return isComplete && isHere
    ? undefined
    : { error: KafkaError.invalidReplicaAssignment, message: `Every partition from 0 on must be on broker ${nodeId}.` };
}

function refused(name: string, { error, message }: TopicProblem) {
  return {
    name,
    topicId: noUuid,
    errorCode: error,
    errorMessage: message,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  };
}

function describeConfigs(configs: ReadonlyMap<string, string | null>) {
  return Object.entries(topicConfigs).map(([name, definition]) => ({
    name,
    value: configs.get(name) ?? definition.default,
    isReadOnly: false,
    source: configs.has(name) ? ConfigSource.topic : ConfigSource.default,
    isSensitive: false,
  }));
}
