import type { AppendResult } from '../log/partition-log.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import { readBatchHeader, batchHeaderBytes } from '../protocol/record-batch.ts';
import {
  array,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  records,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { type BrokerState, defineApi } from './api.ts';

/** Appends record batches. Topics are not created here: clients ask for metadata first. */
export const produce = defineApi({
  key: 0,
  name: 'Produce',
  versions: [3, 9],
  flexibleSince: 9,
  request: {
    transactionalId: nullableString(),
    acks: int16(),
    timeoutMs: int32(),
    topics: array({ name: string(), partitions: array({ index: int32(), records: records() }) }),
  },
  response: {
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTime: int64(),
        logStartOffset: int64({ since: 5, absent: -1 }),
        recordErrors: nullableArray(
          { batchIndex: int32(), message: nullableString() },
          { since: 8, nullableSince: 99 },
        ),
        errorMessage: nullableString({ since: 8 }),
      }),
    }),
    throttleTimeMs: throttleTimeMs(),
  },
  handle(request, { broker }) {
    const hasValidAcks = request.acks >= -1 && request.acks <= 1;
    const topics = request.topics.map((topic) => ({
      name: topic.name,
      partitions: topic.partitions.map(({ index, records: batch }) => {
        const result = hasValidAcks
          ? append(broker, request.transactionalId, topic.name, index, batch)
          : failed(KafkaError.invalidRequiredAcks);
        return {
          index,
          errorCode: result.error,
          baseOffset: result.baseOffset,
          logAppendTime: result.logAppendTime,
          logStartOffset: result.logStartOffset,
          errorMessage: result.message ?? null,
        };
      }),
    }));
    return request.acks === 0 ? undefined : { topics };
  },
});

function append(
  broker: BrokerState,
  transactionalId: string | null,
  topic: string,
  partition: number,
  batch: Buffer | null,
): AppendResult {
  const log = broker.topics.log(topic, partition);
  if (log === undefined) return failed(KafkaError.unknownTopicOrPartition);
  const header = batch !== null && batch.length >= batchHeaderBytes ? readBatchHeader(batch) : undefined;
  if (header?.isTransactional) {
    if (transactionalId === null) return failed(KafkaError.transactionalIdAuthorizationFailed);
    const producer = { transactionalId, producerId: header.producerId, producerEpoch: header.producerEpoch };
    const problem = broker.transactions.writeProblem(producer, topic, partition);
    if (problem !== KafkaError.none) return failed(problem);
  }
  return log.append(batch);
}

function failed(error: number): AppendResult {
  return { error, baseOffset: -1, logAppendTime: -1, logStartOffset: -1 };
}
