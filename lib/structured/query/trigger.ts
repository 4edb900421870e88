import type { Clock } from '../../kernel/clock.ts';
import type { Trigger } from '../backend.ts';

/** What came of asking for a batch. `idle`: there was none to run; `ended`: the query is over. */
export type TurnOutcome = 'ran' | 'idle' | 'ended';

export interface Turns {
  /** Runs one batch if there is one to run. */
  turn(): Promise<TurnOutcome>;
  /** Resolves when it may be worth to ask again, or the query is to end. */
  waitForData(): Promise<void>;
  /** Aborted when the query is to end. */
  readonly stopped: AbortSignal;
}

/**
 * Asks for batches as the trigger says, until the query is to end.
 *
 * - `processingTime` with an interval: one batch at each multiple of the interval since the epoch, the first one at once. A batch that
 *   takes longer than that makes the next one wait for the next multiple; none is made up for.
 * - `processingTime` without one: the next batch as soon as there is something to do.
 * - `once`: one batch. `availableNow`: batches until nothing is left of what was there at the start.
 */
export async function driveTrigger(trigger: Trigger, clock: Clock, turns: Turns): Promise<void> {
  if (trigger.kind === 'once') {
    await turns.turn();
    return;
  }
  for (;;) {
    const startedMs = clock.now();
    const outcome = await turns.turn();
    if (outcome === 'ended') return;
    if (trigger.kind === 'availableNow') {
      if (outcome === 'idle') return;
    } else if (trigger.intervalMs > 0) {
      const restMs = nextTriggerMs(startedMs, trigger.intervalMs) - clock.now();
      if (restMs > 0) await pause(clock, restMs, turns.stopped);
    } else if (outcome === 'idle') {
      await turns.waitForData();
    }
  }
}

/**
 * The next multiple of the interval after a time: Spark's alignment.
 *
 * @example
 * nextTriggerMs(12_345, 10_000)   // => 20000
 */
export function nextTriggerMs(nowMs: number, intervalMs: number): number {
  return Math.floor(nowMs / intervalMs) * intervalMs + intervalMs;
}

/** Resolves after `delayMs` of the clock's time or with the signal, whichever comes first. Leaves nothing behind at either. */
export async function pause(clock: Clock, delayMs: number, until: AbortSignal): Promise<void> {
  if (until.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = clock.schedule(() => {
      until.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    function onAbort(): void {
      timer.unsubscribe();
      resolve();
    }
    until.addEventListener('abort', onAbort, { once: true });
  });
}
