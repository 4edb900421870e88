import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  int16,
  int32,
  int8,
  list,
  nullableString,
  optional,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { defineApi, nodeId } from './api.ts';

/** Tells where a group or a transactional id is looked after: here. */
export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 4],
  flexibleSince: 3,
  request: { key: string({ until: 3 }), keyType: int8({ since: 1 }), keys: list(string(), { since: 4 }) },
  response: {
    throttleTimeMs: throttleTimeMs(1),
    errorCode: optional(int16({ until: 3 }), 0),
    errorMessage: nullableString({ since: 1, until: 3 }),
    nodeId: int32({ until: 3 }),
    host: string({ until: 3 }),
    port: int32({ until: 3 }),
    coordinators: array(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: nullableString(),
      },
      { since: 4 },
    ),
  },
  handle: ({ keys }, { advertised }) => ({
    nodeId,
    ...advertised,
    coordinators: keys.map((key) => ({ key, nodeId, ...advertised, errorCode: KafkaError.none })),
  }),
});
