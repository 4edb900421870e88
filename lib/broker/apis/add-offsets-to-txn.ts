import { int16, int64, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { fencedBefore } from './fenced-before.ts';

/** Makes the offsets of a group part of a producer's transaction. */
export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: [0, 3],
  flexibleSince: 3,
  request: { transactionalId: string(), producerId: int64(), producerEpoch: int16(), groupId: string() },
  response: { throttleTimeMs: throttleTimeMs(), errorCode: int16() },
  handle: (request, { broker, version }) => ({
    errorCode: fencedBefore(2, version, broker.transactions.addGroup(request, request.groupId)),
  }),
});
