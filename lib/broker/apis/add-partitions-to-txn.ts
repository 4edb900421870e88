import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, int64, list, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { fencedBefore } from './fenced-before.ts';

/** Makes partitions part of a producer's transaction: all of them or, where one does not exist, none. */
export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 3],
  flexibleSince: 3,
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    topics: array({ name: string(), partitions: list(int32()) }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    results: array({ name: string(), results: array({ partition: int32(), errorCode: int16() }) }),
  },
  handle(request, { broker, version }) {
    const asked = request.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({ topic: name, partition })),
    );
    const isMissing = (topic: string, partition: number): boolean => broker.topics.log(topic, partition) === undefined;
    const hasMissing = asked.some(({ topic, partition }) => isMissing(topic, partition));
    const error = hasMissing ? KafkaError.operationNotAttempted : broker.transactions.addPartitions(request, asked);
    return {
      results: request.topics.map(({ name, partitions }) => ({
        name,
        results: partitions.map((partition) => ({
          partition,
          errorCode: isMissing(name, partition) ? KafkaError.unknownTopicOrPartition : fencedBefore(2, version, error),
        })),
      })),
    };
  },
});
