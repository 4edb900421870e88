import type { TextOptions } from '../../io/text-options.ts';
import { durationMs } from '../../kernel/time.ts';
import { MillraceError, raise } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import { earliest, latest } from './list-offsets-request.ts';
import { partitionKey } from './partition-key.ts';
import { readSecurity } from './security-options.ts';
import { parseSourceOptions, type SourceSettings, type StartAt } from './source-options.ts';

/** The options of `format('kafka')`, checked and complete. */
export interface TableSettings {
  readonly source: SourceSettings;
  /** Whether `startingOffsets` or one of its kin was given. */
  readonly isStartGiven: boolean;
  /** Where a batch query ends. */
  readonly endAt: StartAt;
  readonly maxOffsetsPerTrigger: number | undefined;
  readonly minOffsetsPerTrigger: number | undefined;
  readonly maxTriggerDelayMs: number;
  readonly includeHeaders: boolean;
  /** `KafkaV2[Subscribe[topic]]` */
  readonly description: string;
}

/** Settings of Spark's Kafka source whose effect does not exist here; they are accepted. */
const withoutEffect = new Set(
  [
    'minPartitions',
    'maxRecordsPerPartition',
    'groupIdPrefix',
    'kafka.group.id',
    'kafkaConsumer.pollTimeoutMs',
    'fetchOffset.numRetries',
    'fetchOffset.retryIntervalMs',
    'kafka.auto.offset.reset',
    'kafka.key.deserializer',
    'kafka.value.deserializer',
    'kafka.enable.auto.commit',
    'useDeprecatedOffsetFetching',
  ].map((name) => name.toLowerCase()),
);

const known = [
  'kafka.bootstrap.servers',
  'subscribe',
  'subscribePattern',
  'assign',
  'startingOffsets',
  'startingTimestamp',
  'startingOffsetsByTimestamp',
  'startingOffsetsByTimestampStrategy',
  'endingOffsets',
  'endingTimestamp',
  'endingOffsetsByTimestamp',
  'maxOffsetsPerTrigger',
  'minOffsetsPerTrigger',
  'maxTriggerDelay',
  'failOnDataLoss',
  'includeHeaders',
  'kafka.isolation.level',
  'kafka.client.id',
  'kafka.request.timeout.ms',
  'kafka.max.partition.fetch.bytes',
];
const knownNames = new Set(known.map((name) => name.toLowerCase()));

/** Reads Spark's options of the Kafka source, and raises all that is wrong with them at once. */
export function parseTableOptions(options: TextOptions, isStreaming: boolean): TableSettings {
  const problems: string[] = [];
  const reader = new KafkaTableOptions(options, problems);
  for (const [name] of options.entries()) {
    const lower = name.toLowerCase();
    if (lower === 'path' || knownNames.has(lower) || withoutEffect.has(lower)) continue;
    if (lower.startsWith('kafka.')) continue;
    const near = nearest(lower, known);
    const mend = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
    problems.push(`there is no option ${name}; ${mend}`);
  }
  const brokers = options.get('kafka.bootstrap.servers');
  if (brokers === undefined) problems.push("kafka.bootstrap.servers is missing, give it as 'localhost:9092'");
  const { subscription, description } = reader.subscription();
  const start = reader.startAt(isStreaming);
  const endAt = reader.endAt(isStreaming);
  const settings = {
    isStartGiven: start.isGiven,
    endAt,
    maxOffsetsPerTrigger: reader.whole('maxOffsetsPerTrigger'),
    minOffsetsPerTrigger: reader.whole('minOffsetsPerTrigger'),
    maxTriggerDelayMs: reader.duration('maxTriggerDelay', '15m'),
    includeHeaders: reader.flag('includeHeaders', false),
    description: `KafkaV2[${description}]`,
  };
  const connection = reader.connection();
  const failOnDataLoss = reader.flag('failOnDataLoss', true);
  let source: SourceSettings | undefined;
  try {
    source = parseSourceOptions({
      brokers: brokers ?? 'localhost:9092',
      ...subscription,
      deserialize: { key: 'buffer', value: 'buffer' },
      failOnDataLoss,
      ...connection,
    });
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'KAFKA_OPTIONS') throw error;
    if (problems.length === 0) problems.push(String(error.params['problems']));
  }
  if (problems.length > 0 || source === undefined) {
    return raise('SOURCE_OPTIONS', { format: 'kafka', problems: problems.join('; ') });
  }
  return { ...settings, source: { ...source, startAt: start.at } };
}

type Grouped = Readonly<Record<string, unknown>>;

class KafkaTableOptions {
  readonly #options: TextOptions;
  readonly #problems: string[];

  constructor(options: TextOptions, problems: string[]) {
    this.#options = options;
    this.#problems = problems;
  }

  subscription(): { readonly subscription: Readonly<Record<string, unknown>>; readonly description: string } {
    const given = ['subscribe', 'subscribePattern', 'assign'].filter((name) => this.#options.get(name) !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
      this.#problems.push(`give exactly one of subscribe, subscribePattern and assign (${found})`);
      return { subscription: { topics: ['none'] }, description: '' };
    }
    const [only] = given;
    const text = this.#options.get(only ?? '') ?? '';
    if (only === 'subscribe') {
      const topics = text
        .split(',')
        .map((topic) => topic.trim())
        .filter((topic) => topic !== '');
      if (topics.length === 0) this.#problems.push('subscribe names no topic');
      return { subscription: { topics }, description: `Subscribe[${topics.join(', ')}]` };
    }
    if (only === 'subscribePattern') {
      return { subscription: { topicPattern: text }, description: `SubscribePattern[${text}]` };
    }
    const assignment = this.#json('assign', text);
    const keys = Object.entries(assignment).flatMap(([topic, list]) =>
      (Array.isArray(list) ? (list as unknown[]) : []).map((partition) => `${topic}-${String(partition)}`),
    );
    return { subscription: { assignment }, description: `Assign[${keys.join(', ')}]` };
  }

  startAt(isStreaming: boolean): { readonly at: StartAt; readonly isGiven: boolean } {
    const at = this.#position('starting', isStreaming ? ['earliest', 'latest'] : ['earliest']);
    return { at: at ?? { at: isStreaming ? 'latest' : 'earliest' }, isGiven: at !== undefined };
  }

  endAt(isStreaming: boolean): StartAt {
    const at = this.#position('ending', ['latest']);
    if (at !== undefined && isStreaming) this.#problems.push('endingOffsets are for spark.read, a stream has no end');
    return at ?? { at: 'latest' };
  }

  /** The first that is given of: one time for all, a time for each partition, an offset for each. */
  #position(which: 'starting' | 'ending', words: readonly string[]): StartAt | undefined {
    const time = this.whole(`${which}Timestamp`);
    if (time !== undefined) return { at: 'timestamp', timestamp: time };
    const byTime = this.#options.get(`${which}OffsetsByTimestamp`);
    if (byTime !== undefined) {
      const timestamps = this.#numbers(`${which}OffsetsByTimestamp`, byTime, 0);
      return { at: 'timestamps', timestamps, orElse: which === 'ending' ? 'latest' : this.#strategy() };
    }
    const name = `${which}Offsets`;
    const given = this.#options.get(name)?.trim();
    if (given === undefined) return undefined;
    const word = given.toLowerCase();
    if (word === 'earliest' || word === 'latest') {
      if (words.includes(word)) return { at: word };
      this.#problems.push(`${name} cannot be ${word} here`);
      return undefined;
    }
    return { at: 'offsets', offsets: this.#numbers(name, given, earliest) };
  }

  #strategy(): 'latest' | 'error' {
    const value = this.#options.get('startingOffsetsByTimestampStrategy') ?? 'error';
    if (value === 'error' || value === 'latest') return value;
    this.#problems.push(`startingOffsetsByTimestampStrategy must be error or latest, not ${value}`);
    return 'error';
  }

  /** `{"topic":{"0":23,"1":-2}}` by partition key. */
  #numbers(name: string, text: string, least: number): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [topic, partitions] of Object.entries(this.#json(name, text))) {
      const isGroup = typeof partitions === 'object' && partitions !== null && !Array.isArray(partitions);
      if (!isGroup) this.#problems.push(`${name}: what stands at ${topic} is not {"0": number}`);
      for (const [partition, value] of isGroup ? Object.entries(partitions as Grouped) : []) {
        const isNumber = /^\d+$/u.test(partition) && Number.isSafeInteger(value) && (value as number) >= least;
        if (isNumber) found.set(partitionKey(topic, Number(partition)), value as number);
        else {
          const special = least < 0 ? `, ${latest} for the end and ${earliest} for the beginning` : '';
          this.#problems.push(
            `${name}: ${topic} ${partition} is ${String(value)}; a number from 0 up is wanted${special}`,
          );
        }
      }
    }
    return found;
  }

  #json(name: string, text: string): Grouped {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Grouped;
    } catch {
      // Told below.
    }
    this.#problems.push(`${name} is not JSON such as {"topic":${name === 'assign' ? '[0,1]' : '{"0":23}'}}: ${text}`);
    return {};
  }

  whole(name: string): number | undefined {
    const text = this.#options.get(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (Number.isSafeInteger(number) && number >= (name.endsWith('Timestamp') ? 0 : 1)) return number;
    this.#problems.push(`${name} must be a whole number above 0, not ${text}`);
    return undefined;
  }

  duration(name: string, otherwise: string): number {
    const text = this.#options.get(name) ?? otherwise;
    try {
      return durationMs(text);
    } catch {
      this.#problems.push(`${name} must be a duration such as '15m', not ${text}`);
      return 0;
    }
  }

  flag(name: string, otherwise: boolean): boolean {
    const text = this.#options.get(name)?.toLowerCase();
    if (text === undefined) return otherwise;
    if (text === 'true' || text === 'false') return text === 'true';
    this.#problems.push(`${name} must be true or false, not ${text}`);
    return otherwise;
  }

  /** What `kafka.*` says of the connection, in the words of the source. */
  connection(): Readonly<Record<string, unknown>> {
    const options = this.#options;
    const made: Record<string, unknown> = {};
    const clientId = options.get('kafka.client.id');
    if (clientId !== undefined) made['clientId'] = clientId;
    const timeout = this.whole('kafka.request.timeout.ms');
    if (timeout !== undefined) made['requestTimeoutMs'] = timeout;
    const isolation = options.get('kafka.isolation.level') ?? 'read_committed';
    if (isolation !== 'read_committed' && isolation !== 'read_uncommitted') {
      this.#problems.push(`kafka.isolation.level must be read_committed or read_uncommitted, not ${isolation}`);
    }
    made['readCommitted'] = isolation === 'read_committed';
    Object.assign(made, readSecurity(options, this.#problems));
    return made;
  }
}
