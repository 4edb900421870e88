import type { KafkaStreamOptions } from '../../io/kafka-stream-options.ts';
import type { ConnectorOptions } from '../../io/registry.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { Deserialize } from './deserialize.ts';
import { OptionReader, printed } from './option-reader.ts';
import { parsePartitionKey, partitionKey } from './partition-key.ts';

/** Which partitions to read. */
export type Subscription =
  | { readonly by: 'topics'; readonly topics: readonly string[] }
  | { readonly by: 'pattern'; readonly pattern: RegExp }
  | { readonly by: 'assignment'; readonly assignment: ReadonlyMap<string, readonly number[]> };

/** Where to begin without a checkpoint. Numbers are by partition key; -2 and -1 stand for earliest and latest, as in Spark. */
export type StartAt =
  | { readonly at: 'earliest' | 'latest' }
  | { readonly at: 'timestamp'; readonly timestamp: number }
  /** A time for each partition. `orElse` says what a partition without a record since then gives: its end, or an error. */
  | { readonly at: 'timestamps'; readonly timestamps: ReadonlyMap<string, number>; readonly orElse: 'latest' | 'error' }
  | { readonly at: 'offsets'; readonly offsets: ReadonlyMap<string, number> };

/** The options of `kafkaStream`, checked and complete. */
export interface SourceSettings extends ConnectionOptions {
  readonly subscription: Subscription;
  readonly startAt: StartAt;
  readonly key: Deserialize;
  readonly value: Deserialize;
  readonly maxRatePerPartition: number | undefined;
  readonly readCommitted: boolean;
  readonly failOnDataLoss: boolean;
  readonly groupId: string | undefined;
  readonly startTimeoutMs: number;
  readonly maxBufferedBytes: number;
  readonly maxRecordBytes: number;
}

const names = [
  'brokers',
  'topics',
  'topicPattern',
  'assignment',
  'startingOffsets',
  'deserialize',
  'maxRatePerPartition',
  'minRatePerPartition',
  'readCommitted',
  'failOnDataLoss',
  'groupId',
  'ssl',
  'sasl',
  'clientId',
  'connectionTimeoutMs',
  'requestTimeoutMs',
  'startTimeoutMs',
  'unreachableTimeoutMs',
  'maxBufferedBytes',
  'maxRecordBytes',
] as const satisfies readonly (keyof KafkaStreamOptions)[];

/** Checks the options of `kafkaStream` and reports everything that is wrong with them at once. */
export function parseSourceOptions(options: ConnectorOptions): SourceSettings {
  const reader = new OptionReader(options, names);
  const settings: SourceSettings = {
    ...reader.connection(),
    subscription: readSubscription(reader),
    startAt: readStart(reader),
    ...readDeserialize(reader),
    maxRatePerPartition: readRate(reader),
    readCommitted: reader.flag('readCommitted', true),
    failOnDataLoss: reader.flag('failOnDataLoss', true),
    groupId: reader.text('groupId', undefined),
    startTimeoutMs: reader.number('startTimeoutMs', 9000, { min: 1 }),
    maxBufferedBytes: reader.number('maxBufferedBytes', 64 << 20, { min: 1 << 20, max: 1 << 30 }),
    maxRecordBytes: reader.number('maxRecordBytes', 64 << 20, { min: 1024, max: 1 << 30 }),
  };
  reader.finish('a Kafka source');
  return settings;
}

/** The rates are the stream's own matter; here they are only checked. */
function readRate(reader: OptionReader): number | undefined {
  reader.number('minRatePerPartition', undefined, { min: 1 });
  const isByPartition = typeof reader.value('maxRatePerPartition') === 'function';
  return isByPartition ? undefined : reader.number('maxRatePerPartition', undefined, { min: 1 });
}

const nothing: Subscription = { by: 'topics', topics: [] };

function readSubscription(reader: OptionReader): Subscription {
  const given = ['topics', 'topicPattern', 'assignment'].filter((name) => reader.value(name) !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    const found = only === undefined ? 'none is given' : `${given.join(' and ')} are given`;
    reader.problem(`give exactly one of topics, topicPattern and assignment (${found})`);
    return nothing;
  }
  if (only === 'topics') return { by: 'topics', topics: reader.texts('topics') };
  return only === 'topicPattern' ? readPattern(reader) : readAssignment(reader);
}

function readPattern(reader: OptionReader): Subscription {
  const given = reader.value('topicPattern');
  const source = given instanceof RegExp ? given.source : given;
  if (typeof source !== 'string' || source === '') {
    reader.problem('topicPattern must be a RegExp or its text');
    return nothing;
  }
  try {
    const flags = given instanceof RegExp ? given.flags.replaceAll(/[gy]/gu, '') : 'u';
    // As in Spark the whole name has to match.
    return { by: 'pattern', pattern: new RegExp(`^(?:${source})$`, flags) };
  } catch {
    reader.problem(`topicPattern ${source} is not a regular expression`);
    return nothing;
  }
}

function readAssignment(reader: OptionReader): Subscription {
  const given = reader.value('assignment');
  const assignment = new Map<string, readonly number[]>();
  for (const [topic, partitions] of isRecord(given) ? Object.entries(given) : []) {
    const isList = Array.isArray(partitions) && partitions.length > 0 && partitions.every((n) => isPosition(n));
    if (!isList) reader.problem(`assignment of ${topic} must be a list of partition numbers`);
    else
      assignment.set(
        topic,
        [...new Set(partitions)].toSorted((a, b) => a - b),
      );
  }
  if (!isRecord(given) || Object.keys(given).length === 0) {
    reader.problem('assignment must be an object such as { topic: [0, 1] }');
  }
  return { by: 'assignment', assignment };
}

function readStart(reader: OptionReader): StartAt {
  const given = reader.value('startingOffsets');
  if (given === undefined) return { at: 'latest' };
  if (given === 'earliest' || given === 'latest') return { at: given };
  // A topic may be called timestamp: then what stands there is an object by partition.
  if (isRecord(given) && 'timestamp' in given && !isRecord(given['timestamp']) && Object.keys(given).length === 1) {
    if (isPosition(given['timestamp'])) return { at: 'timestamp', timestamp: given['timestamp'] };
    reader.problem(`startingOffsets.timestamp must be milliseconds since 1970, not ${printed(given['timestamp'])}`);
  } else if (isRecord(given)) {
    return { at: 'offsets', offsets: readOffsets(given, reader) };
  } else {
    reader.problem("startingOffsets must be 'earliest', 'latest', { timestamp } or offsets by topic and partition");
  }
  return { at: 'latest' };
}

function readOffsets(given: Readonly<Record<string, unknown>>, reader: OptionReader): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const add = (key: string, offset: unknown): void => {
    if (isPosition(offset) || offset === -1 || offset === -2) offsets.set(key, offset);
    else reader.problem(`startingOffsets of ${key} must be an offset from 0 up, not ${printed(offset)}`);
  };
  for (const [name, value] of Object.entries(given)) {
    if (isRecord(value)) {
      for (const [partition, offset] of Object.entries(value)) {
        if (/^\d+$/u.test(partition)) add(partitionKey(name, Number(partition)), offset);
        else reader.problem(`startingOffsets of ${name}: ${partition} is not a partition number`);
      }
    } else if (isKey(name)) {
      add(name, value);
    } else {
      reader.problem(`startingOffsets: ${name} is not of the form topic-partition`);
    }
  }
  return offsets;
}

function isKey(name: string): boolean {
  try {
    parsePartitionKey(name);
    return true;
  } catch {
    return false;
  }
}

function readDeserialize(reader: OptionReader): { readonly key: Deserialize; readonly value: Deserialize } {
  const given = reader.value('deserialize') ?? {};
  if (!isRecord(given)) {
    reader.problem("deserialize must be an object such as { value: 'json' }");
    return { key: 'utf8', value: 'utf8' };
  }
  for (const name of Object.keys(given)) {
    if (name !== 'key' && name !== 'value') reader.problem(`deserialize.${name} does not exist; it has key and value`);
  }
  const read = (part: 'key' | 'value'): Deserialize => {
    const format = given[part] ?? 'utf8';
    if (format === 'utf8' || format === 'json' || format === 'buffer') return format;
    if (typeof format === 'function') return format as Deserialize;
    reader.problem(`deserialize.${part} must be 'utf8', 'json', 'buffer' or a function, not ${printed(format)}`);
    return 'utf8';
  };
  return { key: read('key'), value: read('value') };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
