import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  int16,
  int32,
  list,
  nullableArray,
  nullableString,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Adds partitions to topics; there can never be fewer. */
export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 3],
  flexibleSince: 2,
  request: {
    topics: array({
      name: string(),
      count: int32(),
      assignments: nullableArray({ brokerIds: list(int32()) }),
    }),
    timeoutMs: int32(),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    results: array({ name: string(), errorCode: int16(), errorMessage: nullableString() }),
  },
  handle: ({ topics, validateOnly }, { broker }) => ({
    results: topics.map(({ name, count }) => {
      const problem = broker.topics.grow(name, count, validateOnly);
      return { name, errorCode: problem?.error ?? KafkaError.none, errorMessage: problem?.message ?? null };
    }),
  }),
});
