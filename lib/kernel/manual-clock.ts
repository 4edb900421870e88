import type { SchedulerAction, Subscription } from 'rxjs';
import { VirtualAction, VirtualTimeScheduler } from 'rxjs/internal/scheduler/VirtualTimeScheduler';
import type { Clock } from './clock.ts';
import { nextTurn } from './turns.ts';

/**
 * A clock that stands still until it is told to move; both engines accept it.
 *
 * `advance(ms)` fires what falls due one timer at a time, in order of time, and before each waits until all work handed to
 * `hold` has settled, so that when it returns everything due has been done.
 *
 * @example
 * const clock = new ManualClock(); await clock.advance(1000); clock.now()   // => 1000
 */
export class ManualClock implements Clock {
  readonly #scheduler = new VirtualTimeScheduler(VirtualAction, Number.POSITIVE_INFINITY);
  readonly #held = new Set<Promise<unknown>>();
  /** How many waits for this clock go on inside held work. */
  #waitsInWork = 0;
  #onWait: (() => void) | undefined;
  #now: number;

  constructor(startMs = 0) {
    this.#now = startMs;
    this.#scheduler.frame = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#now;
  }

  hold(work: Promise<unknown>): void {
    const settled: Promise<void> = work.then(
      () => void this.#held.delete(settled),
      () => void this.#held.delete(settled),
    );
    this.#held.add(settled);
  }

  waitsInWork(waiting: Promise<unknown>): void {
    this.#waitsInWork += 1;
    this.#onWait?.();
    const over = (): void => {
      this.#waitsInWork -= 1;
    };
    waiting.then(over, over);
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    this.#scheduler.frame = this.#now;
    return this.#scheduler.schedule(work, Math.max(0, delay), state);
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await this.idle();
      const next = this.#due(until);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.delay);
      this.#scheduler.frame = this.#now;
      const error: unknown = next.execute(next.state, next.delay);
      if (error !== undefined) throw error;
    }
    this.#now = until;
    await this.idle();
  }

  /** Resolves once no held work is left, also none that such work started; or once what is left waits for this clock to go on. */
  async idle(): Promise<void> {
    do {
      if (this.#waitsInWork === 0) await Promise.race([Promise.all(this.#held), this.#nextWait()]);
      // Continuations of what just settled may hold new work, and others may still be at work beside one that waits: let them run first.
      for (let turn = 0; turn < (this.#waitsInWork === 0 ? 3 : 10); turn++) await nextTurn();
    } while (this.#held.size > 0 && this.#waitsInWork === 0);
  }

  async #nextWait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onWait = resolve;
    });
  }

  /** Takes the first timer that is due by `until`; the scheduler keeps its actions sorted by time and order of request. */
  #due(until: number): VirtualAction<unknown> | undefined {
    const actions = this.#scheduler.actions as VirtualAction<unknown>[];
    const first = actions[0];
    return first !== undefined && first.delay <= until ? actions.shift() : undefined;
  }
}
