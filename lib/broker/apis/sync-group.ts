import { array, bytes, int16, int32, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Hands in the leader's assignments and tells each member its own. */
export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  versions: [0, 5],
  flexibleSince: 4,
  request: {
    groupId: string(),
    generation: int32(),
    memberId: string(),
    instanceId: nullableString({ since: 3 }),
    protocolType: nullableString({ since: 5 }),
    protocolName: nullableString({ since: 5 }),
    assignments: array({ memberId: string(), assignment: bytes() }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(1),
    errorCode: int16(),
    protocolType: nullableString({ since: 5 }),
    protocolName: nullableString({ since: 5 }),
    assignment: bytes(),
  },
  async handle(request, { broker }) {
    const assignments = new Map(
      request.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
    );
    const protocol = { type: request.protocolType, name: request.protocolName };
    const answer = await broker.groups.sync(request, protocol, assignments);
    return { ...answer, errorCode: answer.error };
  },
});
