import { type Clock, delay } from '../kernel/clock.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import { ArrivalLog } from './arrival-log.ts';
import { modelOf } from './model-of.ts';
import type { Unnumbered } from './numbered.ts';
import type { Pair } from './pair.ts';
import type { CompareRecord, RunModel } from './run-model.ts';
import { runToEnd } from './run-to-end.ts';
import type { CompareSettings } from './settings.ts';

/** Records that come while both programs run. */
export interface LiveFeed {
  readonly clock: Clock;
  /** How long records are taken. */
  readonly forMs: number;
  /** Ends that before its time. */
  readonly ended: Promise<unknown>;
  /** Begins to hand records on as they come; what it returns ends that. Rejects when it cannot. */
  begin(take: (record: Omit<Unnumbered, 'arrivalMs'>) => void): Promise<() => void>;
  /** Told of what is waited for: the time at which windows begin, and the end of those that are open. */
  readonly onWaiting?: (what: 'start' | 'end', ms: number) => void;
}

/**
 * As `compare`, with records that come now: the arrival of each is when it was read here, and both programs run on the feed's clock.
 *
 * It begins where a window begins, so that windows of both engines can lie side by side, and goes on after the last record until the
 * windows that are open then are complete.
 */
export async function compareLive(pair: Pair, settings: CompareSettings, feed: LiveFeed): Promise<RunModel> {
  const { clock, forMs, ended } = feed;
  const alignMs = pair.alignMs(settings);
  const startMs = Math.ceil((clock.now() + 1) / alignMs) * alignMs;
  feed.onWaiting?.('start', startMs - clock.now());
  await (clock instanceof ManualClock ? clock.advance(startMs - clock.now()) : delay(clock, startMs - clock.now()));
  const log = new ArrivalLog(() => clock.now());
  const records: CompareRecord[] = [];
  const stop = await feed.begin((record) => {
    const taken = { ...record, id: records.length, arrivalMs: clock.now() };
    records.push(taken);
    log.add([taken]);
  });
  try {
    const run = await runToEnd({
      pair,
      settings,
      clock,
      log,
      startMs,
      lastMs: startMs + forMs,
      ended,
      onDraining: (ms) => {
        stop();
        feed.onWaiting?.('end', ms);
      },
    });
    return modelOf(pair, settings, records, run);
  } finally {
    stop();
  }
}
