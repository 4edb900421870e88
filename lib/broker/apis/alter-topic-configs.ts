import { KafkaError } from '../protocol/error-codes.ts';
import { applyConfigChanges, type ConfigChange } from '../topics/topic-config-changes.ts';
import type { BrokerState } from './api.ts';
import { ConfigResource } from './config-entries.ts';

interface Mode {
  /** Begin from the defaults, not from what is set. */
  readonly fromScratch: boolean;
  readonly validateOnly: boolean;
}

/** What both APIs that alter configurations do with one resource. */
export function alterTopicConfigs(
  { topics }: BrokerState,
  type: number,
  name: string,
  changes: readonly ConfigChange[],
  { fromScratch, validateOnly }: Mode,
): { readonly errorCode: number; readonly errorMessage: string | null } {
  if (type !== ConfigResource.topic) {
    return { errorCode: KafkaError.invalidRequest, errorMessage: 'Only the configuration of topics can be changed.' };
  }
  const topic = topics.byName(name);
  if (topic === undefined) {
    return { errorCode: KafkaError.unknownTopicOrPartition, errorMessage: `There is no topic ${name}.` };
  }
  const values = applyConfigChanges(fromScratch ? new Map() : topic.configs, changes);
  if (typeof values === 'string') return { errorCode: KafkaError.invalidConfig, errorMessage: values };
  if (!validateOnly) topics.configure(topic, values);
  return { errorCode: KafkaError.none, errorMessage: null };
}
