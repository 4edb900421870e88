import type { Clock } from '../kernel/clock.ts';

/** One thing to do later; setting it again replaces what was set. */
export class Timer {
  readonly #clock: Clock;
  #scheduled: { unsubscribe(): void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#scheduled !== undefined;
  }

  set(delayMs: number, work: () => void): void {
    this.cancel();
    // Above 2^31 - 1 ms the timers of Node fire at once.
    this.#scheduled = this.#clock.schedule(
      () => {
        this.#scheduled = undefined;
        work();
      },
      Math.min(delayMs, 0x7fffffff),
    );
  }

  cancel(): void {
    this.#scheduled?.unsubscribe();
    this.#scheduled = undefined;
  }
}
