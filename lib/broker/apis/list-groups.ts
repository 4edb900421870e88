import { array, int16, list, optional, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Lists groups, on request only those in some states. */
export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  versions: [0, 4],
  flexibleSince: 3,
  request: { statesFilter: list(string(), { since: 4 }) },
  response: {
    throttleTimeMs: throttleTimeMs(1),
    errorCode: optional(int16(), 0),
    groups: array({ groupId: string(), protocolType: string(), state: string({ since: 4 }) }),
  },
  handle({ statesFilter }, { broker }) {
    const isAsked = (state: string): boolean => statesFilter.length === 0 || statesFilter.includes(state);
    const groups = broker.groups.overviews
      .filter(({ state }) => isAsked(state))
      .map(({ id, protocolType, state }) => ({ groupId: id, protocolType, state }));
    return { groups };
  },
});
