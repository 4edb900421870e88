import { raise } from '../../kernel/errors.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The name of a partition in offsets and plans. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** Reads a name back; topics may contain `-`, the number stands after the last one. */
export function parsePartitionKey(key: string): TopicPartition {
  const dash = key.lastIndexOf('-');
  const digits = key.slice(dash + 1);
  if (dash < 1 || !/^\d+$/u.test(digits)) {
    raise('CONFIG_VALUE', { name: 'offset', value: key, expected: 'names of the form topic-partition' });
  }
  return { topic: key.slice(0, dash), partition: Number(digits) };
}
