import type { Clock } from '../../kernel/clock.ts';

/** How long the steps of one trigger took, by Spark's names for them: the `durationMs` of its progress. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #steps: Record<string, number> = {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  async measure<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedMs = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      this.add(step, this.#clock.monotonicMs() - startedMs);
    }
  }

  measureSync<T>(step: string, work: () => T): T {
    const startedMs = this.#clock.monotonicMs();
    try {
      return work();
    } finally {
      this.add(step, this.#clock.monotonicMs() - startedMs);
    }
  }

  add(step: string, ms: number): void {
    this.#steps[step] = (this.#steps[step] ?? 0) + Math.max(0, ms);
  }

  get elapsedMs(): number {
    return Math.max(0, this.#clock.monotonicMs() - this.#startedMs);
  }

  /** Whole milliseconds, with the whole trigger. */
  durations(): Readonly<Record<string, number>> {
    const rounded = Object.entries(this.#steps).map(([step, ms]) => [step, Math.round(ms)] as const);
    return Object.fromEntries([...rounded, ['triggerExecution', Math.round(this.elapsedMs)] as const]);
  }
}
