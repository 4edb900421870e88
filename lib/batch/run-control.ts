import type { Clock } from '../kernel/clock.ts';
import type { Measuring } from '../kernel/operator-figures.ts';
import type { CheckpointFactory } from './checkpoint.ts';

/** What a tool holds over the programs of this process: to explain, replay and step through them. Programs know nothing of it. */
export interface RunControl {
  /** Contexts are built, and not started. */
  readonly isDry?: boolean;
  /** Which queries really start, by the location of their checkpoints; the others are planned only. */
  readonly startsQuery?: (location: string | undefined) => boolean;
  /** Awaited before a context or a query starts, before anything of it is opened. One that never settles keeps it from starting. */
  readonly beforeStart?: () => Promise<void>;
  /** Given each context that would start, in place of its start: a thread that only computes for another one. Never settles. */
  readonly takesOver?: (context: object) => Promise<never>;
  /** Opens checkpoints in place of what the program uses. */
  readonly openCheckpoint?: CheckpointFactory;
  /** Awaited before each batch runs, with its batch time or number. What is stopped meanwhile does not wait for it any longer. */
  readonly beforeBatch?: (batch: number) => Promise<void>;
  /** Output operations and sinks get nothing: their data is computed and dropped. */
  readonly hasNoEffects?: boolean;
  /** Operators are measured. */
  readonly measuring?: Measuring;
  /** For contexts and sessions that were given none. */
  readonly clock?: Clock;
}

let control: RunControl = {};

/** Controls what is started from now on; returns what ends the control. */
export function controlRuns(by: RunControl): () => void {
  control = by;
  return () => {
    if (control === by) control = {};
  };
}

export function runControl(): RunControl {
  return control;
}

/** Waits until a batch may run; false when it is not to run any more, because `closed` came first. */
export async function passGate(batch: number, clock: Clock, closed: Promise<void>): Promise<boolean> {
  const { beforeBatch } = control;
  if (beforeBatch === undefined) return true;
  let isClosed = false;
  const passing = Promise.race([
    beforeBatch(batch),
    closed.then(() => {
      isClosed = true;
    }),
  ]);
  // A clock that is moved by hand goes on meanwhile.
  clock.waitsInWork?.(passing);
  await passing;
  return !isClosed;
}
