import { array, boolean, int16, int8, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { alterTopicConfigs } from './alter-topic-configs.ts';
import { defineApi } from './api.ts';

/** Sets the whole configuration of topics: what is not named goes back to its default. */
export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 2],
  flexibleSince: 2,
  request: {
    resources: array({
      type: int8(),
      name: string(),
      configs: array({ name: string(), value: nullableString() }),
    }),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    responses: array({ errorCode: int16(), errorMessage: nullableString(), type: int8(), name: string() }),
  },
  handle: ({ resources, validateOnly }, { broker }) => ({
    responses: resources.map(({ type, name, configs }) => {
      const changes = configs.map((config) => ({ ...config, operation: 0 }));
      return { type, name, ...alterTopicConfigs(broker, type, name, changes, { fromScratch: true, validateOnly }) };
    }),
  }),
});
