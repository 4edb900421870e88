import { raise } from '../../kernel/errors.ts';
import { durationMs } from '../../kernel/time.ts';
import type { WatermarkPolicy } from './watermark-tracker.ts';

/** The session's configuration as a query reads it: what was set, or undefined. */
export interface ConfReader {
  getOption(name: string): string | undefined;
}

/** What a query takes from the session's configuration when it starts. Later changes do not reach it. */
export interface QueryConf {
  readonly timeZone: string;
  readonly noDataBatches: boolean;
  readonly watermarkPolicy: WatermarkPolicy;
  readonly noDataProgressIntervalMs: number;
  readonly pollingDelayMs: number;
  readonly shufflePartitions: number;
  /** Spark to the letter, where ours is safer. */
  readonly isCompatible: boolean;
  readonly checkpointRoot: string | undefined;
  readonly stopActiveRun: boolean;
  readonly mayGenerate: boolean;
  readonly minVersionsToRetain: number;
  readonly fileLogCompactInterval: number;
  /** Of every watermark that has none of its own; undefined: a silent source holds the watermark for ever. */
  readonly idleTimeoutMs: number | undefined;
  /** How many batches state may only grow before a warning; 0: it may for ever. */
  readonly growthAlarmBatches: number;
}

export function readQueryConf(conf: ConfReader): QueryConf {
  return {
    timeZone: conf.getOption('spark.sql.session.timeZone') ?? 'UTC',
    noDataBatches: flag(conf, 'spark.sql.streaming.noDataMicroBatches.enabled', true),
    watermarkPolicy: policy(conf),
    noDataProgressIntervalMs: whole(conf, 'spark.sql.streaming.noDataProgressEventInterval', 10_000),
    pollingDelayMs: whole(conf, 'spark.sql.streaming.pollingDelay', 10),
    shufflePartitions: whole(conf, 'spark.sql.shuffle.partitions', 1),
    isCompatible: flag(conf, 'millrace.spark.compat', false),
    checkpointRoot: conf.getOption('spark.sql.streaming.checkpointLocation'),
    stopActiveRun: flag(conf, 'spark.sql.streaming.stopActiveRunOnRestart', true),
    mayGenerate: conf.getOption('spark.sql.codegen.wholeStage') !== 'false',
    minVersionsToRetain: whole(conf, 'spark.sql.streaming.minBatchesToRetain', 10),
    fileLogCompactInterval: Math.max(1, whole(conf, 'spark.sql.streaming.fileSink.log.compactInterval', 10)),
    idleTimeoutMs: duration(conf, 'millrace.watermark.idleTimeout'),
    growthAlarmBatches: whole(conf, 'millrace.state.growthAlarmBatches', 100),
  };
}

function flag(conf: ConfReader, name: string, otherwise: boolean): boolean {
  const value = conf.getOption(name)?.toLowerCase();
  if (value === undefined) return otherwise;
  if (value === 'true' || value === 'false') return value === 'true';
  return raise('CONFIG_VALUE', { name, value, expected: 'true or false' });
}

function whole(conf: ConfReader, name: string, otherwise: number): number {
  const value = conf.getOption(name);
  if (value === undefined) return otherwise;
  const number = Number(value.trim().replace(/ms$/u, ''));
  if (Number.isSafeInteger(number) && number >= 0) return number;
  return raise('CONFIG_VALUE', { name, value, expected: 'a whole number from 0 up' });
}

function duration(conf: ConfReader, name: string): number | undefined {
  const value = conf.getOption(name);
  if (value === undefined) return undefined;
  try {
    return durationMs(/^\d+$/u.test(value) ? Number(value) : value);
  } catch (error) {
    return raise('CONFIG_VALUE', { name, value, expected: "a duration such as '30 seconds'" }, { cause: error });
  }
}

function policy(conf: ConfReader): WatermarkPolicy {
  const name = 'spark.sql.streaming.multipleWatermarkPolicy';
  const value = conf.getOption(name) ?? 'min';
  if (value === 'min' || value === 'max') return value;
  return raise('CONFIG_VALUE', { name, value, expected: 'min or max' });
}
