import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, int64, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { type BrokerState, defineApi } from './api.ts';

/** Kafka's offset.metadata.max.bytes. */
const maxMetadataBytes = 4096;

/** Commits offsets of a group. */
export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: [2, 8],
  flexibleSince: 8,
  request: {
    groupId: string(),
    generation: int32(),
    memberId: string(),
    instanceId: nullableString({ since: 7 }),
    retentionTimeMs: int64({ since: 2, until: 4 }),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        offset: int64(),
        leaderEpoch: int32({ since: 6, absent: -1 }),
        metadata: nullableString(),
      }),
    }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(3),
    topics: array({ name: string(), partitions: array({ index: int32(), errorCode: int16() }) }),
  },
  handle(request, { broker }) {
    const groupProblem = broker.groups.commitProblem(request, false);
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((each) => {
          const errorCode = groupProblem || offsetProblem(broker, name, each.index, each.metadata);
          if (errorCode === KafkaError.none) {
            const { index: partition, offset, leaderEpoch, metadata } = each;
            broker.groups.offsets.commit(request.groupId, { topic: name, partition, offset, leaderEpoch, metadata });
          }
          return { index: each.index, errorCode };
        }),
      })),
    };
  },
});

/** Why this offset cannot be committed, whoever commits it. */
export function offsetProblem(broker: BrokerState, topic: string, partition: number, metadata: string | null): number {
  if (broker.topics.log(topic, partition) === undefined) return KafkaError.unknownTopicOrPartition;
  const isTooLong = metadata !== null && Buffer.byteLength(metadata) > maxMetadataBytes;
  return isTooLong ? KafkaError.offsetMetadataTooLarge : KafkaError.none;
}
