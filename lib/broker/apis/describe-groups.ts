import type { Group } from '../groups/group.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  bytes,
  int16,
  int32,
  list,
  nullableString,
  optional,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { defineApi, noAuthorizedOperations } from './api.ts';

/** Tells the state and the members of groups; one that does not exist is "Dead". */
export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 5],
  flexibleSince: 5,
  request: { groups: list(string()), includeAuthorizedOperations: boolean({ since: 3 }) },
  response: {
    throttleTimeMs: throttleTimeMs(1),
    groups: array({
      errorCode: int16(),
      groupId: string(),
      state: string(),
      protocolType: string(),
      protocol: string(),
      members: array({
        memberId: string(),
        instanceId: nullableString({ since: 4 }),
        clientId: string(),
        clientHost: string(),
        metadata: bytes(),
        assignment: bytes(),
      }),
      authorizedOperations: optional(int32({ since: 3 }), noAuthorizedOperations),
    }),
  },
  handle: ({ groups }, { broker }) => ({
    groups: groups.map((groupId) => {
      const group = broker.groups.group(groupId);
      const absentState = broker.groups.offsets.has(groupId) ? 'Empty' : 'Dead';
      return {
        errorCode: KafkaError.none,
        groupId,
        state: group?.state ?? absentState,
        protocolType: group?.protocolType ?? '',
        protocol: group?.state === 'Stable' ? group.protocol : '',
        members: group === undefined ? [] : describeMembers(group),
      };
    }),
  }),
});

function describeMembers(group: Group) {
  return group.members.map((member) => ({
    memberId: member.id,
    instanceId: member.description.instanceId,
    clientId: member.description.clientId,
    clientHost: `/${member.description.clientHost}`,
    metadata: group.state === 'Stable' ? member.metadataFor(group.protocol) : Buffer.alloc(0),
    assignment: group.state === 'Stable' ? member.assignment : Buffer.alloc(0),
  }));
}
