import type { Subscription } from 'rxjs';
import { defer } from 'rxjs/internal/observable/defer';
import { timer } from 'rxjs/internal/observable/timer';
import { repeat } from 'rxjs/internal/operators/repeat';
import type { Clock } from '../kernel/clock.ts';
import type { Time } from '../kernel/time.ts';

/** Told the batch times that have come, oldest first: usually one, several after a stall or at a restart. */
export type OnBatchTimes = (times: readonly Time[]) => void;

/**
 * Cuts time into batches. Batch times are the zero time plus whole intervals, by arithmetic: they never drift, and a late timer yields
 * every boundary it missed, in order, none merged and none skipped.
 */
export class JobGenerator {
  readonly #clock: Clock;
  readonly #batchMs: number;
  readonly #onTimes: OnBatchTimes;
  #last: Time;
  #until = Number.POSITIVE_INFINITY;
  #ticking: Subscription | undefined;
  #onDone: (() => void) | undefined;

  /** `last` is the batch time before the first to come. */
  constructor(clock: Clock, batchMs: number, last: Time, onTimes: OnBatchTimes) {
    this.#clock = clock;
    this.#batchMs = batchMs;
    this.#last = last;
    this.#onTimes = onTimes;
  }

  /** The last batch time that was handed out. */
  get last(): Time {
    return this.#last;
  }

  /** Hands out what is due already, then each boundary as it comes. */
  start(): void {
    this.#fire();
    this.#ticking = defer(() => timer(Math.max(0, this.#last + this.#batchMs - this.#clock.now()), this.#clock))
      .pipe(repeat())
      .subscribe(() => {
        this.#fire();
      });
    if (this.#last + this.#batchMs > this.#until) this.stop();
  }

  /** Hands out boundaries up to `until` and then ends; resolves when it has. */
  async stopAfter(until: Time): Promise<void> {
    this.#until = until;
    if (this.#ticking === undefined || this.#last >= until) {
      this.stop();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#onDone = resolve;
    });
  }

  /** No further boundary is handed out. */
  stop(): void {
    this.#ticking?.unsubscribe();
    this.#ticking = undefined;
    this.#onDone?.();
    this.#onDone = undefined;
  }

  #fire(): void {
    const now = Math.min(this.#clock.now(), this.#until);
    const times: Time[] = [];
    while (this.#last + this.#batchMs <= now) {
      this.#last += this.#batchMs;
      times.push(this.#last);
    }
    if (times.length > 0) this.#onTimes(times);
    if (this.#ticking !== undefined && this.#last + this.#batchMs > this.#until) this.stop();
  }
}
