import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

const firstVersionWithMembers = 3;

/** Takes members out of a group; the others join again. */
export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 4],
  flexibleSince: 4,
  request: {
    groupId: string(),
    memberId: string({ until: 2 }),
    members: array({ memberId: string(), instanceId: nullableString() }, { since: 3 }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(1),
    errorCode: int16(),
    members: array({ memberId: string(), instanceId: nullableString(), errorCode: int16() }, { since: 3 }),
  },
  handle(request, { broker, version }) {
    if (version < firstVersionWithMembers) {
      return { errorCode: broker.groups.leave(request.groupId, request.memberId, null), members: [] };
    }
    const members = request.members.map(({ memberId, instanceId }) => ({
      memberId,
      instanceId,
      errorCode: broker.groups.leave(request.groupId, memberId, instanceId),
    }));
    return { errorCode: KafkaError.none, members };
  },
});
