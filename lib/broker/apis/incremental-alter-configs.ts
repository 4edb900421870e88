import { array, boolean, int16, int8, nullableString, string, throttleTimeMs } from '../protocol/schema.ts';
import { alterTopicConfigs } from './alter-topic-configs.ts';
import { defineApi } from './api.ts';

/** Changes single values of the configuration of topics. */
export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: [0, 1],
  flexibleSince: 1,
  request: {
    resources: array({
      type: int8(),
      name: string(),
      configs: array({ name: string(), operation: int8(), value: nullableString() }),
    }),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    responses: array({ errorCode: int16(), errorMessage: nullableString(), type: int8(), name: string() }),
  },
  handle: ({ resources, validateOnly }, { broker }) => ({
    responses: resources.map(({ type, name, configs }) => ({
      type,
      name,
      ...alterTopicConfigs(broker, type, name, configs, { fromScratch: false, validateOnly }),
    })),
  }),
});
