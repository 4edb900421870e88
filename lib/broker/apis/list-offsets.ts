import type { PartitionLog } from '../log/partition-log.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, int64, int8, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

const latest = -1;
const earliest = -2;
const greatestTimestamp = -3;
const readCommitted = 1;
const nothing = { timestamp: -1, offset: -1 };

/** Finds offsets: the ends of a log, or the first record of at least a time. */
export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: [1, 7],
  flexibleSince: 6,
  request: {
    replicaId: int32(),
    isolationLevel: int8({ since: 2 }),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        currentLeaderEpoch: int32({ since: 4, absent: -1 }),
        timestamp: int64(),
      }),
    }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(2),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        timestamp: int64(),
        offset: int64(),
        leaderEpoch: int32({ since: 4 }),
      }),
    }),
  },
  handle({ isolationLevel, topics }, { broker, version }) {
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index, timestamp, currentLeaderEpoch }) => {
          const log = broker.topics.log(name, index);
          const errorCode = problemOf(log, timestamp, currentLeaderEpoch, version);
          const isFine = errorCode === KafkaError.none && log !== undefined;
          const found = isFine ? find(log, timestamp, isolationLevel === readCommitted) : nothing;
          return { index, errorCode, ...found, leaderEpoch: found.offset < 0 ? -1 : 0 };
        }),
      })),
    };
  },
});

function problemOf(log: PartitionLog | undefined, timestamp: number, leaderEpoch: number, version: number): number {
  if (log === undefined) return KafkaError.unknownTopicOrPartition;
  if (leaderEpoch > 0) return KafkaError.unknownLeaderEpoch;
  const isUnknownMark = timestamp < greatestTimestamp || (timestamp === greatestTimestamp && version < 7);
  return isUnknownMark ? KafkaError.unsupportedVersion : KafkaError.none;
}

function find(
  log: PartitionLog,
  timestamp: number,
  isCommittedOnly: boolean,
): { readonly timestamp: number; readonly offset: number } {
  const until = isCommittedOnly ? log.lastStableOffset : log.endOffset;
  if (timestamp === latest) return { timestamp: -1, offset: until };
  if (timestamp === earliest) return { timestamp: -1, offset: log.startOffset };
  const found = timestamp === greatestTimestamp ? log.offsetOfMaxTimestamp() : log.offsetForTimestamp(timestamp);
  return found !== undefined && found.offset < until ? found : nothing;
}
