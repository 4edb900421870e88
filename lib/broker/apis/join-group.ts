import { array, bytes, int16, int32, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

const firstVersionThatNeedsKnownId = 4;

/** Joins a group; answered when every member has joined. */
export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 7],
  flexibleSince: 6,
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ since: 1, absent: -1 }),
    memberId: string(),
    instanceId: nullableString({ since: 5 }),
    protocolType: string(),
    protocols: array({ name: string(), metadata: bytes() }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(2),
    errorCode: int16(),
    generation: int32(),
    protocolType: nullableString({ since: 7 }),
    protocolName: nullableString({ nullableSince: 7 }),
    leader: string(),
    memberId: string(),
    members: array({ memberId: string(), instanceId: nullableString({ since: 5 }), metadata: bytes() }),
  },
  async handle(request, { broker, version, clientId, clientHost }) {
    const answer = await broker.groups.join({
      ...request,
      clientId,
      clientHost,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs > 0 ? request.rebalanceTimeoutMs : request.sessionTimeoutMs,
      // What is kept must not hold on to the bytes of the whole request.
      protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
      needsKnownId: version >= firstVersionThatNeedsKnownId,
    });
    return { ...answer, errorCode: answer.error };
  },
});
