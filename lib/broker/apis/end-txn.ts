import { boolean, int16, int64, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { fencedBefore } from './fenced-before.ts';

/** Commits or aborts a producer's transaction. */
export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  versions: [0, 3],
  flexibleSince: 3,
  request: { transactionalId: string(), producerId: int64(), producerEpoch: int16(), committed: boolean() },
  response: { throttleTimeMs: throttleTimeMs(), errorCode: int16() },
  handle: (request, { broker, version }) => ({
    errorCode: fencedBefore(2, version, broker.transactions.end(request, request.committed ? 'commit' : 'abort')),
  }),
});
