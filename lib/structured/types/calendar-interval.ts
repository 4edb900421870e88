import type { CalendarInterval, Long } from './data-type.ts';
import { addLong, toLong } from './long.ts';

/**
 * Spark's interval text: `10 seconds`, `interval 1 day 2 hours`, `-1.5 seconds`, `2 weeks 3 ms`; `undefined` for anything else.
 *
 * @example
 * parseCalendarInterval('1 day 500 ms')   // => { months: 0, days: 1, micros: 500000 }
 */
export function parseCalendarInterval(text: string): CalendarInterval | undefined {
  const trimmed = text
    .trim()
    .replace(/^interval(?=\s)/iu, '')
    .trim();
  if (!/^(?:[+-]?\s*\d[\d.]*\s*[a-z]+\s*)+$/iu.test(trimmed)) return undefined;
  let months = 0;
  let days = 0;
  let micros: Long = 0;
  for (const [, sign, amount, name] of trimmed.matchAll(/([+-])?\s*(\d[\d.]*)\s*([a-z]+)/giu)) {
    const unit = units.get((name as string).toLowerCase().replace(/(?<=...)s$/u, ''));
    if (unit === undefined) return undefined;
    const [whole, fraction, ...more] = (amount as string).split('.');
    // A fraction is allowed for seconds only, and there to the microsecond.
    if (more.length > 0 || (fraction !== undefined && (unit.micros !== 1_000_000 || fraction.length > 9)))
      return undefined;
    const factor = sign === '-' ? -1n : 1n;
    const count = factor * BigInt(whole as string);
    months += Number(count) * unit.months;
    days += Number(count) * unit.days;
    const part = count * BigInt(unit.micros) + factor * BigInt((fraction ?? '').padEnd(6, '0').slice(0, 6));
    micros = addLong(micros, toLong(part));
  }
  return Number.isSafeInteger(months) && Number.isSafeInteger(days) ? { months, days, micros } : undefined;
}

interface Unit {
  readonly months: number;
  readonly days: number;
  readonly micros: number;
}

const units: ReadonlyMap<string, Unit> = new Map([
  ['year', { months: 12, days: 0, micros: 0 }],
  ['month', { months: 1, days: 0, micros: 0 }],
  ['week', { months: 0, days: 7, micros: 0 }],
  ['day', { months: 0, days: 1, micros: 0 }],
  ['hour', { months: 0, days: 0, micros: 3_600_000_000 }],
  ['minute', { months: 0, days: 0, micros: 60_000_000 }],
  ['second', { months: 0, days: 0, micros: 1_000_000 }],
  ['millisecond', { months: 0, days: 0, micros: 1000 }],
  ['microsecond', { months: 0, days: 0, micros: 1 }],
  // A convenience of ours, as in every duration of this package.
  ['ms', { months: 0, days: 0, micros: 1000 }],
]);
