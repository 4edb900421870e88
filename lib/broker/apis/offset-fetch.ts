import type { CommittedOffsets } from '../groups/committed-offsets.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  list,
  nullableArray,
  nullableString,
  optional,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { defineApi } from './api.ts';

const firstVersionWithGroups = 8;

const askedTopic = { name: string(), partitions: list(int32()) };

const foundTopic = {
  name: string(),
  partitions: array({
    index: int32(),
    offset: int64(),
    leaderEpoch: int32({ since: 5 }),
    metadata: nullableString(),
    errorCode: int16(),
  }),
};

type AskedTopics = readonly { readonly name: string; readonly partitions: readonly number[] }[] | null;

/** Tells committed offsets, -1 where there is none; with `requireStable` not those that a transaction may still change. */
export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: [1, 8],
  flexibleSince: 6,
  request: {
    groupId: string({ until: 7 }),
    topics: nullableArray(askedTopic, { until: 7, nullableSince: 2 }),
    groups: array({ groupId: string(), topics: nullableArray(askedTopic) }, { since: 8 }),
    requireStable: boolean({ since: 7 }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(3),
    topics: array(foundTopic, { until: 7 }),
    errorCode: optional(int16({ since: 2, until: 7 }), 0),
    groups: array({ groupId: string(), topics: array(foundTopic), errorCode: int16() }, { since: 8 }),
  },
  handle(request, { broker, version }) {
    const { offsets } = broker.groups;
    if (version < firstVersionWithGroups) {
      return { topics: find(offsets, request.groupId, request.topics, request.requireStable), groups: [] };
    }
    const groups = request.groups.map(({ groupId, topics }) => ({
      groupId,
      topics: find(offsets, groupId, topics, request.requireStable),
      errorCode: KafkaError.none,
    }));
    return { topics: [], groups };
  },
});

function find(offsets: CommittedOffsets, groupId: string, asked: AskedTopics, requireStable: boolean) {
  const topics = asked ?? committedTopics(offsets, groupId);
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((index) => {
      const isUnstable = requireStable && offsets.isUnstable(groupId, name, index);
      const found = isUnstable ? undefined : offsets.get(groupId, name, index);
      return {
        index,
        offset: found?.offset ?? -1,
        leaderEpoch: found?.leaderEpoch ?? -1,
        metadata: found?.metadata ?? '',
        errorCode: isUnstable ? KafkaError.unstableOffsetCommit : KafkaError.none,
      };
    }),
  }));
}

function committedTopics(offsets: CommittedOffsets, groupId: string): NonNullable<AskedTopics> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of offsets.all(groupId)) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }));
}
