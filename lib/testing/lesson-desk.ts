import type { ManualClock } from '../kernel/manual-clock.ts';
import type { Duration } from '../kernel/time.ts';
import type { RDD } from '../rdd/rdd.ts';
import type { StreamingContext } from '../streaming/streaming-context.ts';
import type { DataFrame } from '../structured/data-frame.ts';
import type { Session } from '../structured/session.ts';
import type { MemoryCheckpoints } from './memory-checkpoints.ts';

/**
 * What the program of a lesson is given (`millrace learn`): both engines on a clock that it moves by hand, checkpoints in memory that
 * outlive a restart, and a sheet to print on.
 *
 * @example
 * export default async function lesson({ context, clock, printRDD }: LessonDesk): Promise<void> {
 *   const ssc = context('1 second');
 *   ssc.queueStream([['a'], ['b']]).foreachRDD(printRDD);
 *   await ssc.start();
 *   await clock.advance(2000);
 * }
 */
export interface LessonDesk {
  /** Stands at 2026-01-01 12:00:00 UTC when the program begins. */
  readonly clock: ManualClock;
  /** In UTC, on the clock, with its checkpoints in memory. */
  readonly spark: Session;
  readonly checkpoints: MemoryCheckpoints;
  /** A streaming context on the clock, with its checkpoints in memory. */
  readonly context: (batchInterval: Duration) => StreamingContext;
  readonly print: (line: string) => void;
  /** For `foreachBatch`: prints `batch 0: a 1, b 2`, the rows in order of their texts. */
  readonly printBatch: (batch: DataFrame, batchId: number) => Promise<void>;
  /** For `foreachRDD`: prints `12:00:01: (a,1) (b,2)`, the elements in order of their texts. */
  readonly printRDD: (rdd: RDD<unknown>, time: number) => Promise<void>;
  /** Work that takes so long on the clock: for functions of output operations. */
  readonly work: (ms: number) => Promise<void>;
}

/** The default export of a lesson's program. */
export type LessonProgram = (desk: LessonDesk) => Promise<void>;
