import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
// Not 'rxjs': of its 180 files 10 are needed here, and every program and every thread of it starts with them.
import { asyncScheduler } from 'rxjs/internal/scheduler/async';

/**
 * The only door to time. RxJS operators take it as their scheduler.
 *
 * `hold` tells the clock that work is under way that belongs to the present moment: a clock that is moved by hand does not go on
 * before it has settled. The system clock takes no notice. The promise may reject; whoever made it handles that.
 */
export interface Clock extends SchedulerLike {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back, for measuring. */
  monotonicMs(): number;
  hold(work: Promise<unknown>): void;
  /** Work that was handed to `hold` waits for the clock itself until this settles: a clock moved by hand may go on meanwhile. */
  waitsInWork?(waiting: Promise<unknown>): void;
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription;
}

/** Real time. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  hold(): void {
    // Real time does not wait.
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return asyncScheduler.schedule(work, delay, state);
  }
}

export const systemClock: Clock = new SystemClock();

/** Resolves after `delayMs` of the clock's time. */
export async function delay(clock: Clock, delayMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.schedule(() => {
      resolve();
    }, delayMs);
  });
}

/** As `delay`, inside work that was handed to `hold`: a clock moved by hand does not wait for that work, which waits for the clock. */
export async function delayInWork(clock: Clock, delayMs: number): Promise<void> {
  const passed = delay(clock, delayMs);
  clock.waitsInWork?.(passed);
  await passed;
}
