import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  boolean,
  int16,
  int8,
  nullableList,
  nullableString,
  string,
  throttleTimeMs,
} from '../protocol/schema.ts';
import { topicConfigs } from '../topics/topic-config.ts';
import { type BrokerState, defineApi, nodeId } from './api.ts';
import { ConfigResource, ConfigSource } from './config-entries.ts';

interface DescribedConfig {
  readonly name: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  readonly source: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly { readonly name: string; readonly value: string; readonly source: number }[];
  readonly type: number;
  readonly documentation: string | null;
}

interface Answer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly configs: readonly DescribedConfig[];
}

/** Tells the configuration of topics, and of the broker the defaults that topics take from it. */
export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 4],
  flexibleSince: 4,
  request: {
    resources: array({ type: int8(), name: string(), keys: nullableList(string()) }),
    includeSynonyms: boolean(),
    includeDocumentation: boolean({ since: 3 }),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    results: array({
      errorCode: int16(),
      errorMessage: nullableString(),
      type: int8(),
      name: string(),
      configs: array({
        name: string(),
        value: nullableString(),
        isReadOnly: boolean(),
        source: int8(),
        isSensitive: boolean(),
        synonyms: array({ name: string(), value: nullableString(), source: int8() }),
        type: int8({ since: 3 }),
        documentation: nullableString({ since: 3 }),
      }),
    }),
  },
  handle: ({ resources, includeSynonyms, includeDocumentation }, { broker }) => ({
    results: resources.map(({ type, name, keys }) => {
      const { errorCode, errorMessage, configs } = describe(broker, type, name);
      return {
        errorCode,
        errorMessage,
        type,
        name,
        configs: configs
          .filter((config) => keys === null || keys.length === 0 || keys.includes(config.name))
          .map(({ synonyms, documentation, ...config }) =>
            Object.assign(config, {
              synonyms: includeSynonyms ? synonyms : [],
              documentation: includeDocumentation ? documentation : null,
            }),
          ),
      };
    }),
  }),
});

function describe(broker: BrokerState, type: number, name: string): Answer {
  if (type === ConfigResource.topic) {
    const topic = broker.topics.byName(name);
    return topic === undefined
      ? refused(KafkaError.unknownTopicOrPartition, `There is no topic ${name}.`)
      : described(broker, topic.configs);
  }
  if (type !== ConfigResource.broker)
    return refused(KafkaError.invalidRequest, `There are no configurations of type ${type}.`);
  const isHere = name === '' || name === String(nodeId);
  return isHere ? described(broker, new Map()) : refused(KafkaError.invalidRequest, `There is no broker ${name}.`);
}

function refused(errorCode: number, errorMessage: string): Answer {
  return { errorCode, errorMessage, configs: [] };
}

function described({ topics }: BrokerState, set: ReadonlyMap<string, string>): Answer {
  const configs = Object.entries(topicConfigs).map(([name, { type, documentation, default: fallback }]) => {
    const own = set.get(name);
    const ofBroker = topics.defaultConfigs.get(name);
    const synonyms = [
      ...(own === undefined ? [] : [{ name, value: own, source: ConfigSource.topic }]),
      ...(ofBroker === undefined ? [] : [{ name, value: ofBroker, source: ConfigSource.brokerStatic }]),
      { name, value: fallback, source: ConfigSource.default },
    ];
    const value = own ?? ofBroker ?? fallback;
    const source = synonyms[0]?.source ?? ConfigSource.default;
    return { name, value, isReadOnly: false, source, isSensitive: false, synonyms, type, documentation };
  });
  return { errorCode: KafkaError.none, errorMessage: null, configs };
}
