import { raise } from '../kernel/errors.ts';
import { timeZone } from './types/time-zone.ts';

type ConfValue = string | number | boolean;

/**
 * Settings of a session, by Spark's names; values are texts, as in Spark. Settings that nothing here reads are kept and given back, so
 * that a program's own settings travel with its session.
 *
 * @example
 * spark.conf.set('spark.sql.ansi.enabled', false)
 * spark.conf.get('spark.sql.ansi.enabled')   // => 'false'
 */
export class SessionConf {
  readonly #values = new Map<string, string>();

  constructor(values: Readonly<Record<string, ConfValue>> = {}) {
    for (const [key, value] of Object.entries(values)) this.set(key, value);
  }

  set(key: string, value: ConfValue): void {
    checkValue(key, String(value));
    this.#values.set(key, String(value));
  }

  /** The value of a setting: the one set, else `fallback`, else Spark's default; a name without any of these is refused. */
  get(key: string, fallback?: string): string {
    return this.#values.get(key) ?? fallback ?? defaultOf(key) ?? raise('SQL_CONF_NOT_FOUND', { sqlConf: key });
  }

  /** What was set, or the default; `undefined` when there is neither. */
  getOption(key: string): string | undefined {
    return this.#values.get(key) ?? defaultOf(key);
  }

  unset(key: string): void {
    this.#values.delete(key);
  }

  /** All that was set. */
  getAll(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }

  isModifiable(key: string): boolean {
    return defaultOf(key) !== undefined;
  }

  get isAnsi(): boolean {
    return this.isTrue('spark.sql.ansi.enabled');
  }

  get isCaseSensitive(): boolean {
    return this.isTrue('spark.sql.caseSensitive');
  }

  /** Whether decimal results beyond 38 digits give up digits behind the point. */
  get allowsPrecisionLoss(): boolean {
    return this.isTrue('spark.sql.decimalOperations.allowPrecisionLoss');
  }

  get timeZone(): string {
    return this.get('spark.sql.session.timeZone');
  }

  /** Whether a setting of two values is on. */
  isTrue(key: string): boolean {
    return this.get(key).toLowerCase() === 'true';
  }
}

/** Spark's defaults of what the engine reads; checked when set. */
const defaults: Readonly<Record<string, string>> = {
  'millrace.spark.compat': 'false',
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.caseSensitive': 'false',
  'spark.sql.decimalOperations.allowPrecisionLoss': 'true',
  'spark.sql.shuffle.partitions': '1',
  'spark.sql.sources.partitionColumnTypeInference.enabled': 'true',
  'spark.sql.streaming.noDataMicroBatches.enabled': 'true',
  'spark.sql.streaming.multipleWatermarkPolicy': 'min',
};

function defaultOf(key: string): string | undefined {
  if (key === 'spark.sql.session.timeZone') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return Object.hasOwn(defaults, key) ? defaults[key] : undefined;
}

function checkValue(key: string, value: string): void {
  const fallback = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
  if ((fallback === 'true' || fallback === 'false') && !/^(?:true|false)$/iu.test(value)) {
    raise('INVALID_CONF_VALUE.DEFAULT', { confName: key, confValue: value, expected: 'true or false' });
  }
  if (key === 'spark.sql.session.timeZone') checkTimeZone(key, value);
  if (key === 'spark.sql.streaming.multipleWatermarkPolicy' && !/^(?:min|max)$/iu.test(value)) {
    raise('INVALID_CONF_VALUE.DEFAULT', { confName: key, confValue: value, expected: 'min or max' });
  }
}

function checkTimeZone(key: string, value: string): void {
  if (timeZone(value) === undefined) raise('INVALID_CONF_VALUE.TIME_ZONE', { confName: key, confValue: value });
}
