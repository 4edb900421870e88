import { Worker } from 'node:worker_threads';
import { entryUrl } from '../../kernel/entry.ts';
import { shutdownMs } from './shutdown.ts';

/** Shared with the worker: turns of the event loop, and the time of the batch that is running (0: none). */
export interface WatchdogData {
  readonly turns: Int32Array;
  readonly batchTime: Float64Array;
  readonly limitMs: number;
  readonly warnMs: number;
  /** How long a batch may take to end after the first signal. */
  readonly shutdownMs: number;
}

export interface Watchdog {
  /** The batch that runs from now on; undefined when none does. */
  batch(time: number | undefined): void;
  stop(): Promise<void>;
}

const beatMs = 250;

/**
 * Ends the process, with status 1, when one function of a program keeps the event loop from turning for `limitMs`.
 *
 * Nothing on the main thread could: a timer, a signal handler and a promise all wait for the function that does not return. So a
 * worker counts the turns. When they stop it warns after `warnMs`, and at the limit stops the main thread in its debugger, reads
 * where the function is, says so and ends the process there. It hears signals, too, and stands in for the main thread's handlers while
 * that is blocked. State is not touched: the last commit is durable.
 */
export function startWatchdog(limitMs: number): Watchdog {
  const data: WatchdogData = {
    turns: new Int32Array(new SharedArrayBuffer(4)),
    batchTime: new Float64Array(new SharedArrayBuffer(8)),
    limitMs,
    warnMs: Math.min(10_000, limitMs / 2),
    // Looked at twice a second, and then told: what stands in for ten seconds must begin before.
    shutdownMs: shutdownMs - 1000,
  };
  const worker = new Worker(entryUrl('cli/run/watchdog-worker'), { workerData: data });
  worker.unref();
  const beat = setInterval(() => {
    Atomics.add(data.turns, 0, 1);
  }, beatMs);
  beat.unref();
  return {
    batch(time) {
      data.batchTime[0] = time ?? 0;
    },
    async stop() {
      clearInterval(beat);
      await worker.terminate();
    },
  };
}
