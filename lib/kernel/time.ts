import { raise } from './errors.ts';

/** A length of time: milliseconds, or Spark's text (`'10 seconds'`, `'500 ms'`, `'1 hour 30 minutes'`). */
export type Duration = number | string;

/** Milliseconds since the epoch of the clock. A batch time is the end of its interval. */
export type Time = number;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  msecs: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hrs: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  weeks: 604_800_000,
};

/**
 * Milliseconds of a duration, a whole number above 0.
 *
 * @example
 * durationMs('1 hour 30 minutes')   // => 5400000
 */
export function durationMs(value: Duration): number {
  const ms = typeof value === 'number' ? value : parseText(value);
  if (!Number.isSafeInteger(ms) || ms <= 0) raise('CONFIG_DURATION', { value: String(value) });
  return ms;
}

/** @example milliseconds(5)   // => 5 */
export function milliseconds(n: number): number {
  return durationMs(n);
}

/** @example seconds(5)   // => 5000 */
export function seconds(n: number): number {
  return durationMs(n * 1000);
}

/** @example minutes(5)   // => 300000 */
export function minutes(n: number): number {
  return durationMs(n * 60_000);
}

function parseText(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN;
  const trimmed = text.trim().replace(/^interval\s+/iu, '');
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+$/iu.test(trimmed)) return Number.NaN;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/giu)) {
    total += Number(amount) * (unitMs[(unit ?? '').toLowerCase()] ?? Number.NaN);
  }
  // 1.1 seconds is 1100.0000000000002 in binary: whole milliseconds are what is meant.
  return Math.abs(total - Math.round(total)) < 1e-6 ? Math.round(total) : Number.NaN;
}
