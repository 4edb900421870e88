import { ManualClock } from '../kernel/manual-clock.ts';
import { raise } from '../kernel/errors.ts';
import { ArrivalLog } from './arrival-log.ts';
import { makeRecords } from './make-records.ts';
import { modelOf } from './model-of.ts';
import type { Pair } from './pair.ts';
import type { CompareRecord, RunModel } from './run-model.ts';
import { endOf, runToEnd } from './run-to-end.ts';
import type { CompareSettings } from './settings.ts';

/** 2026-01-05, 12:04 UTC: where made-up time begins. */
const beginMs = Date.UTC(2026, 0, 5, 12, 4);
/** Every batch is a step of the figure and a part of the report. */
const mostBatches = 5000;

/**
 * Runs both programs of a pair over the same records in virtual time: the same every time.
 *
 * Without `records` they are made as the settings say. What a program or an engine refuses rejects with its own error.
 *
 * @example
 * (await compare(tumbling, { ...defaultSettings, disorderMs: 0, latePercent: 0 })).verdict.isSame   // => true
 */
export async function compare(
  pair: Pair,
  settings: CompareSettings,
  given?: readonly CompareRecord[],
): Promise<RunModel> {
  const alignMs = pair.alignMs(settings);
  const firstMs = given?.reduce((first, { arrivalMs }) => Math.min(first, arrivalMs), Number.POSITIVE_INFINITY);
  const startMs =
    firstMs === undefined ? Math.ceil(beginMs / alignMs) * alignMs : Math.floor(firstMs / alignMs) * alignMs;
  const records = given ?? makeRecords(pair.records, settings, startMs);
  const lastMs = records.reduce((last, { arrivalMs }) => Math.max(last, arrivalMs), startMs);
  const batches = Math.ceil((endOf({ pair, settings, startMs }, lastMs) - startMs) / settings.batchMs);
  if (batches > mostBatches) raise('COMPARE_TOO_LONG', { batches, most: mostBatches });

  const clock = new ManualClock(startMs);
  const log = new ArrivalLog(() => clock.now());
  log.add(records.toSorted((a, b) => a.arrivalMs - b.arrivalMs));
  return modelOf(pair, settings, records, await runToEnd({ pair, settings, clock, log, startMs, lastMs }));
}
