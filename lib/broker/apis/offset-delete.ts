import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Forgets offsets of a group that has no members. */
export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  versions: [0, 0],
  flexibleSince: 99,
  request: { groupId: string(), topics: array({ name: string(), partitions: array({ index: int32() }) }) },
  response: {
    errorCode: int16(),
    throttleTimeMs: throttleTimeMs(),
    topics: array({ name: string(), partitions: array({ index: int32(), errorCode: int16() }) }),
  },
  handle({ groupId, topics }, { broker }) {
    const { groups } = broker;
    const group = groups.group(groupId);
    if (group === undefined && !groups.offsets.has(groupId))
      return { errorCode: KafkaError.groupIdNotFound, topics: [] };
    const isInUse = group !== undefined && group.state !== 'Empty';
    if (isInUse && group.protocolType !== 'consumer') return { errorCode: KafkaError.nonEmptyGroup, topics: [] };
    return {
      errorCode: KafkaError.none,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index }) => {
          // Which topics the members subscribe to is theirs to know: while there are members every topic counts as used.
          if (isInUse) return { index, errorCode: KafkaError.groupSubscribedToTopic };
          groups.offsets.delete(groupId, name, index);
          return { index, errorCode: KafkaError.none };
        }),
      })),
    };
  },
});
