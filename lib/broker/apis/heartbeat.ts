import { int16, int32, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Keeps a member's session alive and tells it when to join again. */
export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: [0, 4],
  flexibleSince: 4,
  request: { groupId: string(), generation: int32(), memberId: string(), instanceId: nullableString({ since: 3 }) },
  response: { throttleTimeMs: throttleTimeMs(1), errorCode: int16() },
  handle: (request, { broker }) => ({ errorCode: broker.groups.heartbeat(request) }),
});
