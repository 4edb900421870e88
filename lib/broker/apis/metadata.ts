import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  int16,
  int32,
  list,
  noUuid,
  nullableArray,
  nullableString,
  optional,
  string,
  throttleTimeMs,
  uuid,
} from '../protocol/schema.ts';
import type { Topic } from '../topics/topic.ts';
import { topicNameProblem } from '../topics/topic-name.ts';
import { type BrokerState, defineApi, noAuthorizedOperations, nodeId } from './api.ts';

/** Tells brokers, topics and partitions; creates a topic that is asked for by name, where that is on. */
export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  versions: [0, 12],
  flexibleSince: 9,
  request: {
    topics: nullableArray(
      { topicId: uuid({ since: 10 }), name: nullableString({ nullableSince: 10 }) },
      { nullableSince: 1 },
    ),
    allowAutoTopicCreation: boolean({ since: 4, absent: true }),
    includeClusterAuthorizedOperations: boolean({ since: 8, until: 10 }),
    includeTopicAuthorizedOperations: boolean({ since: 8 }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(3),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: nullableString({ since: 1 }),
    }),
    clusterId: nullableString({ since: 2 }),
    controllerId: int32({ since: 1 }),
    topics: array({
      errorCode: int16(),
      name: nullableString({ nullableSince: 12 }),
      topicId: uuid({ since: 10 }),
      isInternal: optional(boolean({ since: 1 }), false),
      partitions: array({
        errorCode: int16(),
        index: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ since: 7 }),
        replicaNodes: list(int32()),
        isrNodes: list(int32()),
        offlineReplicas: list(int32(), { since: 5 }),
      }),
      authorizedOperations: optional(int32({ since: 8 }), noAuthorizedOperations),
    }),
    clusterAuthorizedOperations: optional(int32({ since: 8, until: 10 }), noAuthorizedOperations),
  },
  handle(request, { version, broker, advertised }) {
    const asked = request.topics;
    const isForAll = asked === null || (version === 0 && asked.length === 0);
    const topics = isForAll
      ? broker.topics.all.map((topic) => describe(topic))
      : asked.map(({ name, topicId }) => {
          if (name === null) return byId(broker, topicId);
          return byName(broker, name, request.allowAutoTopicCreation);
        });
    return {
      brokers: [{ nodeId, ...advertised }],
      clusterId: broker.clusterId,
      controllerId: nodeId,
      topics,
    };
  },
});

function byId(broker: BrokerState, topicId: string) {
  const topic = broker.topics.byId(topicId);
  return topic === undefined ? unknown(null, KafkaError.unknownTopicId, topicId) : describe(topic);
}

function byName(broker: BrokerState, name: string, allowCreation: boolean) {
  const topic = broker.topics.byName(name);
  if (topic !== undefined) return describe(topic);
  if (topicNameProblem(name) !== undefined) return unknown(name, KafkaError.invalidTopic);
  if (!allowCreation || !broker.autoCreateTopics) return unknown(name, KafkaError.unknownTopicOrPartition);
  const wanted = { name, partitions: broker.defaultPartitions };
  const problem = broker.topics.problemOf(wanted);
  return problem === undefined ? describe(broker.topics.create(wanted)) : unknown(name, problem.error);
}

function unknown(name: string | null, errorCode: number, topicId = noUuid) {
  return { errorCode, name, topicId, partitions: [] };
}

function describe(topic: Topic) {
  return {
    errorCode: KafkaError.none,
    name: topic.name,
    topicId: topic.id,
    partitions: topic.partitions.map((_, index) => ({
      errorCode: KafkaError.none,
      index,
      leaderId: nodeId,
      leaderEpoch: 0,
      replicaNodes: [nodeId],
      isrNodes: [nodeId],
      offlineReplicas: [],
    })),
  };
}
