import { raise } from '../kernel/errors.ts';
import type { Time } from '../kernel/time.ts';

export interface PidSettings {
  readonly batchMs: number;
  readonly proportional: number;
  readonly integral: number;
  readonly derivative: number;
  /** Records per second that are always asked for, so that data keeps flowing. */
  readonly minRate: number;
}

/**
 * How many records per second the next batches should take, from how long the last ones took: Spark's estimator.
 *
 * The first usable sample only seeds it. Samples without records, without processing time, or not newer than the last are ignored.
 */
export class PidRateEstimator {
  readonly #settings: PidSettings;
  #latest: { readonly time: Time; readonly rate: number; readonly error: number } | undefined;

  constructor(settings: Partial<PidSettings> = {}) {
    this.#settings = { batchMs: 1000, proportional: 1, integral: 0.2, derivative: 0, minRate: 100, ...settings };
    for (const [name, value] of Object.entries(this.#settings)) {
      const mustBePositive = name === 'minRate' || name === 'batchMs';
      if (value > 0 || (value === 0 && !mustBePositive)) continue;
      raise('STREAM_RATE_MINIMUM', { name, value, expected: mustBePositive ? 'a number above 0' : '0 or more' });
    }
  }

  /** A sample at the end of a batch; the new rate, or null when there is none yet. */
  compute(time: Time, records: number, processingDelayMs: number, schedulingDelayMs: number): number | null {
    const before = this.#latest;
    if (records <= 0 || processingDelayMs <= 0 || (before !== undefined && time <= before.time)) return null;
    const rate = (records / processingDelayMs) * 1000;
    if (before === undefined) {
      this.#latest = { time, rate, error: 0 };
      return null;
    }
    const { batchMs, proportional, integral, derivative, minRate } = this.#settings;
    const sinceLastS = (time - before.time) / 1000;
    const error = before.rate - rate;
    const historicalError = (schedulingDelayMs * rate) / batchMs;
    const change = (error - before.error) / sinceLastS;
    const next = Math.max(
      before.rate - proportional * error - integral * historicalError - derivative * change,
      minRate,
    );
    this.#latest = { time, rate: next, error };
    return next;
  }
}
