import { ManualClock } from '../kernel/manual-clock.ts';
import { raise } from '../kernel/errors.ts';
import { ArrivalLog } from './arrival-log.ts';
import { compareRows } from './compare-rows.ts';
import { makeRecords } from './make-records.ts';
import type { Pair } from './pair.ts';
import { type PairRun, RunningPair } from './run-pair.ts';
import type { ComparedRow, CompareRecord, EngineRun, RunModel, TimeSpan, Verdict } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** 2026-01-05, 12:04 UTC: where made-up time begins. */
const beginMs = Date.UTC(2026, 0, 5, 12, 4);
/** How many batches both programs are down when they are restarted. */
const downBatches = 3;
/** Every batch is a step of the figure and a part of the report. */
const mostBatches = 5000;
/** A closing record is so much later than everything else. */
const dayMs = 86_400_000;

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
  const { batchMs } = settings;
  const upToBatch = (ms: number): number => startMs + Math.ceil((ms - startMs) / batchMs) * batchMs;
  const endMs = upToBatch(lastMs + 1 + pair.drainMs(settings)) + batchMs;

  const batches = Math.ceil((endMs - startMs) / batchMs);
  if (batches > mostBatches) raise('COMPARE_TOO_LONG', { batches, most: mostBatches });

  const clock = new ManualClock(startMs);
  const log = new ArrivalLog(1 + records.reduce((most, { partition }) => Math.max(most, partition), 0), () =>
    clock.now(),
  );
  log.add(records.toSorted((a, b) => a.arrivalMs - b.arrivalMs));
  const running = new RunningPair(pair, settings, log, clock);
  let restart: TimeSpan | undefined;
  try {
    await running.start();
    if (settings.restart) {
      const fromMs = upToBatch((startMs + lastMs) / 2);
      restart = { fromMs, untilMs: fromMs + downBatches * batchMs };
      await running.pass(fromMs - clock.now());
      await running.stop();
      await clock.advance(downBatches * batchMs);
      await running.start();
    }
    await running.pass(Math.max(0, endMs - clock.now()));
    if (settings.mode === 'append') {
      running.end();
      log.add(closingRecords(records, clock.now()));
      await running.pass(3 * batchMs);
    }
  } finally {
    await running.stop();
  }
  const run = withoutClosing(running.result);
  const rows = compareRows(pair, settings, records, run);
  return {
    v: 1,
    pair: pair.name,
    title: pair.title,
    settings,
    measure: pair.measure,
    span: { fromMs: startMs, untilMs: endMs },
    ...(restart === undefined ? {} : { restart }),
    records,
    ...run,
    rows,
    verdict: verdictOf(rows, run.structured),
  };
}

/**
 * What structured still holds back comes out when a record of a later time closes it: one for each stream, after the end. Their ids are
 * negative, and no row with them is part of the comparison.
 */
function closingRecords(records: readonly CompareRecord[], nowMs: number): readonly CompareRecord[] {
  const last = records.reduce((last, { eventMs }) => Math.max(last, eventMs), nowMs);
  return (['left', 'right'] as const).map((stream, i) => ({
    id: -1 - i,
    key: `closing ${stream}`,
    value: 0,
    stream,
    eventMs: last + dayMs,
    arrivalMs: nowMs,
    partition: 0,
  }));
}

function withoutClosing({ dstream, structured }: PairRun): PairRun {
  const before = withoutNegative(dstream).batches.filter(({ isAfterEnd }) => !isAfterEnd);
  return { dstream: { batches: before }, structured: withoutNegative(structured) };
}

function withoutNegative({ batches }: EngineRun): EngineRun {
  return {
    batches: batches.map((batch) =>
      Object.assign({}, batch, {
        records: batch.records.filter((id) => id >= 0),
        rows: batch.rows.filter(({ records }) => records.every((id) => id >= 0)),
      }),
    ),
  };
}

function verdictOf(rows: readonly ComparedRow[], { batches }: EngineRun): Verdict {
  const count = (is: (row: ComparedRow) => boolean): number => rows.filter((row) => is(row)).length;
  const differing = count(({ status }) => status === 'differs');
  return {
    isSame: differing === 0,
    differing,
    byChance: count(({ status }) => status === 'by-chance'),
    waiting: count(({ structured }) => structured?.isWaiting === true),
    lateRows: batches.reduce((sum, { lateRows }) => sum + lateRows, 0),
  };
}
