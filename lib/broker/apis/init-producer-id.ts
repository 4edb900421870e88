import { int16, int32, int64, nullableString, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { fencedBefore } from './fenced-before.ts';

/** Gives a producer its id and epoch; for a transactional id this fences whoever used it before. */
export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 4],
  flexibleSince: 2,
  request: {
    transactionalId: nullableString(),
    transactionTimeoutMs: int32(),
    producerId: int64({ since: 3, absent: -1 }),
    producerEpoch: int16({ since: 3, absent: -1 }),
  },
  response: { throttleTimeMs: throttleTimeMs(), errorCode: int16(), producerId: int64(), producerEpoch: int16() },
  handle(request, { broker, version }) {
    const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request;
    const answer = broker.transactions.initialize(transactionalId, transactionTimeoutMs, producerId, producerEpoch);
    return { ...answer, errorCode: fencedBefore(4, version, answer.error) };
  },
});
