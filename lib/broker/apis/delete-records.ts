import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, int64, string, throttleTimeMs } from '../protocol/schema.ts';
import { type BrokerState, defineApi } from './api.ts';

/** "All there is now" where an offset is asked for. */
const everything = -1;

/** Moves the start of logs forward: the records before are gone. */
export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 2],
  flexibleSince: 2,
  request: {
    topics: array({ name: string(), partitions: array({ index: int32(), offset: int64() }) }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    topics: array({
      name: string(),
      partitions: array({ index: int32(), lowWatermark: int64(), errorCode: int16() }),
    }),
  },
  handle: ({ topics }, { broker }) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, offset }) => ({ index, ...deleteBefore(broker, name, index, offset) })),
    })),
  }),
});

function deleteBefore(
  { topics }: BrokerState,
  name: string,
  index: number,
  offset: number,
): { readonly lowWatermark: number; readonly errorCode: number } {
  const log = topics.log(name, index);
  if (log === undefined) return { lowWatermark: -1, errorCode: KafkaError.unknownTopicOrPartition };
  const before = offset === everything ? log.endOffset : offset;
  const start = before < 0 ? undefined : topics.deleteRecords(name, index, before);
  return start === undefined
    ? { lowWatermark: -1, errorCode: KafkaError.offsetOutOfRange }
    : { lowWatermark: start, errorCode: KafkaError.none };
}
