import { raise } from '../kernel/errors.ts';
import { localThreads } from '../kernel/master.ts';
import { nearest } from '../kernel/nearest.ts';
import { durationMs } from '../kernel/time.ts';
import { stateStoreKinds } from '../store/state-store-kind.ts';

/** What a program may set; the keys are Spark's, and ours begin with `millrace.`. */
export type Config = Readonly<Record<string, string | number | boolean>>;

type Kind = 'boolean' | 'positive' | 'natural' | 'number' | 'duration' | 'text';

interface Key {
  readonly kind: Kind;
  /** Used when the program does not set it. */
  readonly initial?: string | number | boolean;
  /** The only texts that may be given. */
  readonly oneOf?: readonly string[];
  /** Accepted because a Spark program may set it; nothing acts on it in this version, which is said at start. */
  readonly idle?: true;
}

const keys = {
  'millrace.spark.compat': { kind: 'boolean', initial: false },
  'millrace.development': { kind: 'boolean', initial: false },
  'millrace.checkpoint.allowNewState': { kind: 'boolean', initial: false },
  'millrace.checkpoint.dropMissingState': { kind: 'boolean', initial: false },
  'millrace.checkpoint.retainVersions': { kind: 'positive', initial: 10 },
  'millrace.state.store': { kind: 'text', initial: 'memory-table', oneOf: stateStoreKinds },
  'millrace.state.cacheBytes': { kind: 'positive', initial: 64 * 1024 * 1024 },
  'millrace.output.timeout': { kind: 'duration' },
  'millrace.stop.timeout': { kind: 'duration', initial: 10_000 },
  'millrace.source.heldBytes': { kind: 'natural', initial: 64 * 1024 * 1024 },
  'spark.app.name': { kind: 'text' },
  'spark.master': { kind: 'text', initial: 'local' },
  'spark.default.parallelism': { kind: 'positive', initial: 2 },
  'spark.streaming.backpressure.enabled': { kind: 'boolean', initial: false },
  'spark.streaming.backpressure.initialRate': { kind: 'positive' },
  'spark.streaming.backpressure.rateEstimator': { kind: 'text', initial: 'pid' },
  'spark.streaming.backpressure.pid.proportional': { kind: 'number', initial: 1 },
  'spark.streaming.backpressure.pid.integral': { kind: 'number', initial: 0.2 },
  'spark.streaming.backpressure.pid.derived': { kind: 'number', initial: 0 },
  'spark.streaming.backpressure.pid.minRate': { kind: 'number', initial: 100 },
  'spark.streaming.receiver.maxRate': { kind: 'positive' },
  'spark.streaming.kafka.maxRatePerPartition': { kind: 'natural', initial: 0 },
  'spark.streaming.kafka.minRatePerPartition': { kind: 'natural', initial: 1 },
  'spark.streaming.kafka.consumer.cache.enabled': { kind: 'boolean', idle: true },
  'spark.streaming.kafka.consumer.poll.ms': { kind: 'duration', idle: true },
  'spark.streaming.kafka.allowNonConsecutiveOffsets': { kind: 'boolean', idle: true },
  'spark.streaming.blockInterval': { kind: 'duration', initial: 200 },
  'spark.streaming.receiverRestartDelay': { kind: 'duration', initial: 2000 },
  'spark.streaming.concurrentJobs': { kind: 'positive', initial: 1 },
  'spark.streaming.gracefulStopTimeout': { kind: 'duration' },
  'spark.streaming.stopGracefullyOnShutdown': { kind: 'boolean', initial: false },
  'spark.streaming.stopSparkContextByDefault': { kind: 'boolean', initial: true, idle: true },
  'spark.streaming.unpersist': { kind: 'boolean', idle: true },
  'spark.streaming.ui.retainedBatches': { kind: 'positive', initial: 1000, idle: true },
  'spark.streaming.receiver.writeAheadLog.enable': { kind: 'boolean', initial: false },
  'spark.streaming.receiver.writeAheadLog.rollingIntervalSecs': { kind: 'positive', idle: true },
  'spark.streaming.receiver.writeAheadLog.maxFailures': { kind: 'positive', idle: true },
  'spark.streaming.sessionByKey.deltaChainThreshold': { kind: 'positive', idle: true },
  'spark.streaming.fileStream.minRememberDuration': { kind: 'duration', initial: 60_000 },
  'spark.streaming.manualClock.jump': { kind: 'duration', idle: true },
  'spark.streaming.clock': { kind: 'text', idle: true },
} as const satisfies Record<string, Key>;

/** Every key, for the page that lists them. */
export const configKeys: readonly string[] = Object.keys(keys);

/** A key that the engine knows. */
export type ConfigKey = keyof typeof keys;

let commandConfig: Config = {};

/** Settings for every context of this process, from the command line. As in Spark, what a program sets itself holds. */
export function useCommandConfig(config: Config): void {
  commandConfig = config;
}

/**
 * The settings of one context, checked when it is built: an unknown key is refused with the nearest known one, a value of the wrong
 * kind with what is expected.
 *
 * @example
 * new Configuration({ 'spark.default.parallelism': '4' }).number('spark.default.parallelism')   // => 4
 */
export class Configuration {
  readonly #values = new Map<string, string | number | boolean>();
  /** Keys that the program sets and that nothing acts on, to be told at start. */
  readonly withoutEffect: readonly string[];

  constructor(given: Config = {}) {
    for (const [key, entry] of Object.entries<Key>(keys)) {
      if (entry.initial !== undefined) this.#values.set(key, entry.initial);
    }
    for (const [key, value] of Object.entries({ ...commandConfig, ...given })) {
      const entry = (keys as Readonly<Record<string, Key>>)[key];
      if (entry === undefined) raise('CONFIG_UNKNOWN_KEY', { key, suggestion: suggest(key) });
      const wanted = checked(key, entry.kind, value);
      if (entry.oneOf !== undefined) assertOneOf(key, String(wanted), entry.oneOf);
      this.#values.set(key, wanted);
    }
    const estimator = this.text('spark.streaming.backpressure.rateEstimator');
    if (estimator !== 'pid') {
      raise('CONFIG_VALUE', { name: 'spark.streaming.backpressure.rateEstimator', value: estimator, expected: 'pid' });
    }
    const isLocal = localThreads(this.text('spark.master'), 1) !== undefined;
    this.withoutEffect = Object.keys({ ...commandConfig, ...given }).filter((key) => {
      const entry: Key = keys[key as ConfigKey];
      return (entry.idle === true || (key === 'spark.master' && !isLocal)) && this.#values.get(key) !== entry.initial;
    });
  }

  has(key: ConfigKey): boolean {
    return this.#values.has(key);
  }

  flag(key: ConfigKey): boolean {
    return this.#values.get(key) === true;
  }

  number(key: ConfigKey): number {
    return Number(this.#values.get(key) ?? Number.NaN);
  }

  text(key: ConfigKey): string {
    return String(this.#values.get(key) ?? '');
  }
}

function checked(key: string, kind: Kind, value: string | number | boolean): string | number | boolean {
  switch (kind) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      return raise('CONFIG_VALUE', { name: key, value: String(value), expected: 'true or false' });
    case 'positive':
      return whole(key, value, 1);
    case 'natural':
      return whole(key, value, 0);
    case 'number': {
      const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
      return Number.isFinite(number) && number >= 0
        ? number
        : raise('CONFIG_VALUE', { name: key, value: String(value), expected: 'a number that is not negative' });
    }
    case 'duration':
      if (typeof value === 'string' && /^\d+$/u.test(value)) return durationMs(Number(value));
      return typeof value === 'boolean'
        ? raise('CONFIG_VALUE', { name: key, value, expected: "a duration such as '10 seconds'" })
        : durationMs(value);
    case 'text':
    default:
      return String(value);
  }
}

function whole(key: string, value: string | number | boolean, least: number): number {
  const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
  return Number.isSafeInteger(number) && number >= least
    ? number
    : raise('CONFIG_VALUE', { name: key, value: String(value), expected: `a whole number from ${least}` });
}

function assertOneOf(key: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const meant = nearest(value, known);
  const all = known.join(' or ');
  raise('CONFIG_VALUE', { name: key, value, expected: meant === undefined ? all : `${meant} (it is ${all})` });
}

function suggest(key: string): string {
  const meant = nearest(key, configKeys);
  return meant === undefined ? 'The keys are listed in docs/configuration.md.' : `Did you mean ${meant}?`;
}
