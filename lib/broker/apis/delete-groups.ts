import { array, int16, list, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Deletes groups without members, with their offsets. */
export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 2],
  flexibleSince: 2,
  request: { groupIds: list(string()) },
  response: {
    throttleTimeMs: throttleTimeMs(),
    results: array({ groupId: string(), errorCode: int16() }),
  },
  handle: ({ groupIds }, { broker }) => ({
    results: groupIds.map((groupId) => ({ groupId, errorCode: broker.groups.delete(groupId) })),
  }),
});
