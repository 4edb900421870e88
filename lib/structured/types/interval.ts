import { addLong, isInLongRange, multiplyLong, toLong } from './long.ts';
import type { CalendarInterval, Long } from './data-type.ts';

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;

type Part = 'months' | 'days' | 'micros';

const units: ReadonlyMap<string, readonly [part: Part, factor: number]> = new Map([
  ['year', ['months', 12]],
  ['month', ['months', 1]],
  ['week', ['days', 7]],
  ['day', ['days', 1]],
  ['hour', ['micros', MICROS_PER_HOUR]],
  ['minute', ['micros', MICROS_PER_MINUTE]],
  ['second', ['micros', MICROS_PER_SECOND]],
  ['millisecond', ['micros', 1000]],
  ['microsecond', ['micros', 1]],
]);

/** Whether a word names a unit of intervals: `SECOND`, `seconds`. */
export function isIntervalUnit(word: string): boolean {
  return unitOf(word) !== undefined;
}

function unitOf(word: string): readonly [Part, number] | undefined {
  const lower = word.toLowerCase();
  return units.get(lower) ?? (lower.endsWith('s') ? units.get(lower.slice(0, -1)) : undefined);
}

const piece = /\s*([+-]?)\s*(\d*)(?:\.(\d*))?\s+([a-z]+)(?=\s|$|[+-])/iuy;

/**
 * An interval of numbers with units, as Spark reads it: `1 day 2.5 seconds`, `INTERVAL -3 months`. Only seconds may have a fraction;
 * `undefined` when the text is none.
 */
export function parseInterval(text: string): CalendarInterval | undefined {
  const body = text.trim().replace(/^interval(?=\s|$)/iu, '');
  if (body.trim() === '') return undefined;
  let months = 0;
  let days = 0;
  let micros: Long = 0;
  piece.lastIndex = 0;
  let at = 0;
  while (body.slice(at).trim() !== '') {
    piece.lastIndex = at;
    const found = piece.exec(body);
    if (found === null) return undefined;
    const [all, sign, whole = '', fraction, word = ''] = found;
    const unit = unitOf(word);
    if (unit === undefined || (whole === '' && (fraction ?? '') === '')) return undefined;
    const [part, factor] = unit;
    if (fraction !== undefined && factor !== MICROS_PER_SECOND) return undefined;
    if (fraction !== undefined && fraction.length > 9) return undefined;
    const negative = sign === '-';
    const count = toLong(BigInt(whole === '' ? '0' : whole));
    let amount = multiplyLong(count, factor);
    if (fraction !== undefined && part === 'micros')
      amount = addLong(amount, Number(fraction.padEnd(6, '0').slice(0, 6)));
    if (negative) amount = multiplyLong(amount, -1);
    if (part === 'micros') micros = addLong(micros, amount);
    else if (part === 'months') months += Number(amount);
    else days += Number(amount);
    at += all.length;
  }
  const inRange = isInt(months) && isInt(days) && isInLongRange(micros);
  return inRange ? { months, days, micros } : undefined;
}

function isInt(value: number): boolean {
  return value >= -2147483648 && value <= 2147483647;
}

/** Microseconds of an interval without months; a day is 24 hours. */
export function dayTimeMicros({ days, micros }: CalendarInterval): Long {
  return addLong(multiplyLong(days, MICROS_PER_DAY), micros);
}

export type DayTimeField = 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';
const fields: readonly DayTimeField[] = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];
const fieldMicros: readonly bigint[] = [86_400_000_000n, 3_600_000_000n, 60_000_000n, 1_000_000n];

/** `INTERVAL '1 02:03:04.5' DAY TO SECOND`. */
export function dayTimeText(micros: Long, from: DayTimeField = 'DAY', until: DayTimeField = 'SECOND'): string {
  const value = BigInt(micros);
  let rest = value < 0n ? -value : value;
  const start = fields.indexOf(from);
  const end = fields.indexOf(until);
  const parts: string[] = [];
  for (let i = start; i <= end; i++) {
    const size = fieldMicros[i] ?? 1n;
    const amount = rest / size;
    rest %= size;
    const digits = i > start || (i > 0 && i === start) ? `${amount}`.padStart(2, '0') : `${amount}`;
    const fraction = i === 3 && rest > 0n ? `.${`${rest}`.padStart(6, '0').replace(/0+$/u, '')}` : '';
    parts.push((i === start ? '' : i === 1 ? ' ' : ':') + digits + fraction);
  }
  const range = start === end ? from : `${from} TO ${until}`;
  return `INTERVAL '${value < 0n ? '-' : ''}${parts.join('')}' ${range}`;
}

/** `INTERVAL '1-2' YEAR TO MONTH`. */
export function yearMonthText(months: number, range: 'YEAR' | 'MONTH' | 'YEAR TO MONTH' = 'YEAR TO MONTH'): string {
  const sign = months < 0 ? '-' : '';
  const size = Math.abs(months);
  const years = Math.trunc(size / 12);
  const text = range === 'YEAR' ? `${years}` : range === 'MONTH' ? `${size}` : `${years}-${size % 12}`;
  return `INTERVAL '${sign}${text}' ${range}`;
}

/** `1 years 2 months 3 days 4 hours 5.5 seconds`. */
export function calendarText({ months, days, micros }: CalendarInterval): string {
  const parts: string[] = [];
  const add = (amount: number | bigint, unit: string): void => {
    if (BigInt(amount) !== 0n) parts.push(`${amount} ${unit}`);
  };
  add(Math.trunc(months / 12), 'years');
  add(months % 12, 'months');
  add(days, 'days');
  let rest = BigInt(micros);
  add(rest / 3_600_000_000n, 'hours');
  rest %= 3_600_000_000n;
  add(rest / 60_000_000n, 'minutes');
  rest %= 60_000_000n;
  if (rest !== 0n) {
    const size = rest < 0n ? -rest : rest;
    const fraction = `${size % 1_000_000n}`.padStart(6, '0').replace(/0+$/u, '');
    parts.push(`${rest < 0n ? '-' : ''}${size / 1_000_000n}${fraction === '' ? '' : `.${fraction}`} seconds`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

const dayTimePatterns: Readonly<Record<string, RegExp>> = {
  DAY: /^([+-]?)(\d+)$/u,
  HOUR: /^([+-]?)()(\d+)$/u,
  MINUTE: /^([+-]?)()()(\d+)$/u,
  SECOND: /^([+-]?)()()()(\d+)(?:\.(\d{1,9}))?$/u,
  'DAY TO HOUR': /^([+-]?)(\d+) +(\d{1,2})$/u,
  'DAY TO MINUTE': /^([+-]?)(\d+) +(\d{1,2}):(\d{1,2})$/u,
  'DAY TO SECOND': /^([+-]?)(\d+) +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/u,
  'HOUR TO MINUTE': /^([+-]?)()(\d+):(\d{1,2})$/u,
  'HOUR TO SECOND': /^([+-]?)()(\d+):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/u,
  'MINUTE TO SECOND': /^([+-]?)()()(\d+):(\d{1,2})(?:\.(\d{1,9}))?$/u,
};

/** Microseconds of the inside of `INTERVAL '1 2:3:4' DAY TO SECOND`; `undefined` when it does not fit the range. */
export function parseDayTime(text: string, range: string): Long | undefined {
  const found = dayTimePatterns[range]?.exec(text.trim());
  if (!found) return undefined;
  const [, sign, days = '', hours = '', minutes = '', seconds = '', fraction = ''] = found;
  const first = range.split(' ')[0];
  if (first !== 'HOUR' && Number(hours) > 23) return undefined;
  if (first !== 'MINUTE' && Number(minutes) > 59) return undefined;
  if (first !== 'SECOND' && Number(seconds) > 59) return undefined;
  const total =
    BigInt(days || '0') * 86_400_000_000n +
    BigInt(hours || '0') * 3_600_000_000n +
    BigInt(minutes || '0') * 60_000_000n +
    BigInt(seconds || '0') * 1_000_000n +
    BigInt(fraction.padEnd(6, '0').slice(0, 6));
  const micros = toLong(sign === '-' ? -total : total);
  return isInLongRange(micros) ? micros : undefined;
}

/** Months of the inside of `INTERVAL '1-2' YEAR TO MONTH`. */
export function parseYearMonth(text: string, range: string): number | undefined {
  const found = (range === 'YEAR TO MONTH' ? /^([+-]?)(\d+)-(\d+)$/u : /^([+-]?)(\d+)()$/u).exec(text.trim());
  if (found === null) return undefined;
  const [, sign, first, second] = found;
  if (range === 'YEAR TO MONTH' && Number(second) > 11) return undefined;
  const size = range === 'MONTH' ? Number(first) : Number(first) * 12 + Number(second);
  const months = sign === '-' ? -size : size;
  return isInt(months) ? months : undefined;
}
