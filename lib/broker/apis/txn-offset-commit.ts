import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, int64, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { fencedBefore } from './fenced-before.ts';
import { offsetProblem } from './offset-commit.ts';

/** Commits offsets of a group when, and only when, the transaction commits. */
export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 3],
  flexibleSince: 3,
  request: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generation: int32({ since: 3, absent: -1 }),
    memberId: string({ since: 3 }),
    instanceId: nullableString({ since: 3 }),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        offset: int64(),
        leaderEpoch: int32({ since: 2, absent: -1 }),
        metadata: nullableString(),
      }),
    }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    topics: array({ name: string(), partitions: array({ index: int32(), errorCode: int16() }) }),
  },
  handle(request, { broker }) {
    const given = request.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ index, ...rest }) => ({ topic: name, partition: index, ...rest })),
    );
    const problemOf = (topic: string, partition: number, metadata: string | null): number =>
      offsetProblem(broker, topic, partition, metadata);
    const taken = given.filter((each) => problemOf(each.topic, each.partition, each.metadata) === KafkaError.none);
    const problem =
      broker.groups.commitProblem(request, true) || broker.transactions.commitOffsets(request, request.groupId, taken);
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index, metadata }) => ({
          index,
          // This request never learned of the newer code.
          errorCode: fencedBefore(Number.POSITIVE_INFINITY, 0, problem || problemOf(name, index, metadata)),
        })),
      })),
    };
  },
});
