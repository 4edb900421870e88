import { type Clock, delay } from '../kernel/clock.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import type { ArrivalLog } from './arrival-log.ts';
import type { Pair } from './pair.ts';
import { RunningPair, type PairRun } from './run-pair.ts';
import type { CompareRecord, EngineRun, TimeSpan } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** How many batches both programs are down when they are restarted. */
const downBatches = 3;
/** A closing record is so much later than everything else. */
const dayMs = 86_400_000;

/** What both programs run on, and how long records come. */
export interface Course {
  readonly pair: Pair;
  readonly settings: CompareSettings;
  readonly clock: Clock;
  readonly log: ArrivalLog;
  /** Where windows begin, and now. */
  readonly startMs: number;
  /** No record arrives later. */
  readonly lastMs: number;
  /** Ends the time in which records come before it is over. */
  readonly ended?: Promise<unknown>;
  /** Told once no more records come, with the time that the programs still need. */
  readonly onDraining?: (ms: number) => void;
}

export interface CourseRun extends PairRun {
  readonly span: TimeSpan;
  readonly restart?: TimeSpan;
}

/** When a run is over whose records end at a time: on a batch, once windows of arrivals are complete. */
export function endOf(
  { pair, settings, startMs }: Pick<Course, 'pair' | 'settings' | 'startMs'>,
  lastMs: number,
): number {
  return batchAfter(settings, startMs, lastMs + 1 + pair.drainMs(settings)) + settings.batchMs;
}

/** Runs both programs from the first record to what comes of the last, with a restart and a closing record where the settings want them. */
export async function runToEnd(course: Course): Promise<CourseRun> {
  const { pair, settings, clock, log, startMs, lastMs, ended } = course;
  const { batchMs } = settings;
  const running = new RunningPair(pair, settings, log, clock);
  let restart: TimeSpan | undefined;
  let endMs = 0;
  try {
    await running.start();
    if (settings.restart) {
      const fromMs = batchAfter(settings, startMs, (startMs + lastMs) / 2);
      restart = { fromMs, untilMs: fromMs + downBatches * batchMs };
      await running.pass(fromMs - clock.now());
      await running.stop();
      await (clock instanceof ManualClock
        ? clock.advance(downBatches * batchMs)
        : delay(clock, restart.untilMs - clock.now()));
      await running.start();
    }
    await running.pass(lastMs - clock.now(), ended);
    endMs = endOf(course, Math.min(lastMs, clock.now()));
    course.onDraining?.(endMs - clock.now());
    await running.pass(endMs - clock.now());
    // Real batches take time after their boundary.
    if (!(clock instanceof ManualClock)) await running.pass(batchMs / 2);
    if (settings.mode === 'append') {
      running.end();
      log.add(closingRecords(log.lastEventMs, clock.now()));
      await running.pass(3 * batchMs);
    }
  } finally {
    await running.stop();
  }
  return {
    ...withoutClosing(running.result),
    span: { fromMs: startMs, untilMs: endMs },
    ...(restart === undefined ? {} : { restart }),
  };
}

function batchAfter({ batchMs }: CompareSettings, startMs: number, ms: number): number {
  return startMs + Math.ceil((ms - startMs) / batchMs) * batchMs;
}

/**
 * What structured still holds back comes out when a record of a later time closes it: one for each stream, after the end. Their ids are
 * negative, and no row with them is part of the comparison.
 */
function closingRecords(lastEventMs: number, nowMs: number): readonly CompareRecord[] {
  return (['left', 'right'] as const).map((stream, i) => ({
    id: -1 - i,
    key: `closing ${stream}`,
    value: 0,
    stream,
    eventMs: Math.max(lastEventMs, nowMs) + dayMs,
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
