import type { Clock } from '../../kernel/clock.ts';

/**
 * Lets so many records a second through, evenly: never more at once than belong to one interval, so that a batch gets its share at
 * most, however long nothing came before. Where an interval's share is no whole number the rest is carried over.
 */
export class RateGate {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #maxRate: number;
  #rate: number;
  #allowance: number;
  #since: number;

  constructor(clock: Clock, intervalMs: number, maxRate: number = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#maxRate = maxRate;
    this.#rate = maxRate;
    this.#allowance = Math.max(1, (maxRate * intervalMs) / 1000);
    this.#since = clock.now();
  }

  /** Follows backpressure; never above the fixed limit. */
  setRate(ratePerSecond: number | undefined): void {
    this.#refill();
    this.#rate = Math.min(ratePerSecond ?? Number.POSITIVE_INFINITY, this.#maxRate);
    this.#allowance = Math.min(this.#allowance, this.#burst);
  }

  /** Whether anything may pass now. */
  get isOpen(): boolean {
    if (this.#rate === Number.POSITIVE_INFINITY) return true;
    this.#refill();
    // A hair less than one: what adds up from fractions may fall short of it.
    return this.#allowance >= 1 - 1e-9;
  }

  /** Records pass. More of them than allowed are paid back by those that come later. */
  pass(records: number): void {
    if (this.#rate !== Number.POSITIVE_INFINITY) this.#allowance -= records;
  }

  get #burst(): number {
    const share = (this.#rate * this.#intervalMs) / 1000;
    return Number.isInteger(share) ? share : share + 1;
  }

  #refill(): void {
    const now = this.#clock.now();
    if (this.#rate === Number.POSITIVE_INFINITY) {
      this.#allowance = Number.POSITIVE_INFINITY;
    } else {
      this.#allowance = Math.min(this.#burst, this.#allowance + (Math.max(0, now - this.#since) * this.#rate) / 1000);
    }
    this.#since = now;
  }
}
