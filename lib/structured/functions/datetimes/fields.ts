import { addMonths, dateOfDays, daysInMonth, daysOfDate } from '../../types/calendar.ts';
import type { Long } from '../../types/data-type.ts';
import { MICROS_PER_DAY } from '../../types/interval.ts';
import { addLong } from '../../types/long.ts';
import { daysOfMicros, floorModulo, microsOfDays } from '../../types/timestamp.ts';
import { dayOfWeek } from './date-pattern.ts';

/** A field of a local date. */
export type DateField =
  | 'YEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'DAYOFWEEK'
  | 'DAYOFWEEK_ISO'
  | 'DOY'
  | 'YEAROFWEEK';
/** A field of a local time of day. */
export type TimeField = 'HOUR' | 'MINUTE' | 'SECOND';

/** Monday is 0. */
function weekday(days: number): number {
  return (dayOfWeek(days) + 6) % 7;
}

/** The Monday of the first ISO week of a year: the week of January 4th. */
function firstMonday(year: number): number {
  const fourth = daysOfDate(year, 1, 4);
  return fourth - weekday(fourth);
}

/** The year that an ISO week belongs to: that of its Thursday. */
function weekYear(days: number): number {
  return dateOfDays(days - weekday(days) + 3).year;
}

export function dateField(field: DateField, days: number): number {
  const { year, month, day } = dateOfDays(days);
  switch (field) {
    case 'YEAR':
      return year;
    case 'QUARTER':
      return Math.floor((month - 1) / 3) + 1;
    case 'MONTH':
      return month;
    case 'DAY':
      return day;
    case 'DOY':
      return days - daysOfDate(year, 1, 1) + 1;
    case 'DAYOFWEEK':
      return dayOfWeek(days) + 1;
    case 'DAYOFWEEK_ISO':
      return weekday(days) + 1;
    case 'YEAROFWEEK':
      return weekYear(days);
    case 'WEEK':
      return Math.floor((days - firstMonday(weekYear(days))) / 7) + 1;
    default:
      return field satisfies never;
  }
}

/** The field of local microseconds; seconds without their fraction. */
export function timeField(field: TimeField, local: Long): number {
  const second = Math.floor(floorModulo(local, MICROS_PER_DAY) / 1_000_000);
  if (field === 'HOUR') return Math.floor(second / 3600);
  return field === 'MINUTE' ? Math.floor(second / 60) % 60 : second % 60;
}

const dateUnits: Readonly<Record<string, 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK'>> = {
  YEAR: 'YEAR',
  YYYY: 'YEAR',
  YY: 'YEAR',
  QUARTER: 'QUARTER',
  MONTH: 'MONTH',
  MM: 'MONTH',
  MON: 'MONTH',
  WEEK: 'WEEK',
};

/** The first day of the year, quarter, month or week; undefined for another unit. */
export function truncateDate(days: number, unit: string): number | undefined {
  const { year, month } = dateOfDays(days);
  switch (dateUnits[unit.toUpperCase()]) {
    case 'YEAR':
      return daysOfDate(year, 1, 1);
    case 'QUARTER':
      return daysOfDate(year, Math.floor((month - 1) / 3) * 3 + 1, 1);
    case 'MONTH':
      return daysOfDate(year, month, 1);
    case 'WEEK':
      return days - weekday(days);
    default:
      return undefined;
  }
}

const timeUnits: Readonly<Record<string, number>> = {
  DAY: MICROS_PER_DAY,
  DD: MICROS_PER_DAY,
  HOUR: 3_600_000_000,
  MINUTE: 60_000_000,
  SECOND: 1_000_000,
  MILLISECOND: 1000,
  MICROSECOND: 1,
};

/** The start of the unit that local microseconds are in; undefined for a unit that there is none of. */
export function truncateLocal(local: Long, unit: string): Long | undefined {
  const size = timeUnits[unit.toUpperCase()];
  if (size !== undefined) return addLong(local, -floorModulo(local, size));
  const days = truncateDate(daysOfMicros(local), unit);
  return days === undefined ? undefined : microsOfDays(days);
}

export function lastDayOfMonth(days: number): number {
  const { year, month } = dateOfDays(days);
  return daysOfDate(year, month, daysInMonth(year, month));
}

/** Local microseconds some months later, at the same time of day. */
export function addMonthsLocal(local: Long, months: number): Long {
  const days = daysOfMicros(local);
  return addLong(microsOfDays(addMonths(days, months)), addLong(local, -microsOfDays(days)));
}

const weekdays: Readonly<Record<string, number>> = {
  SU: 0,
  SUN: 0,
  SUNDAY: 0,
  MO: 1,
  MON: 1,
  MONDAY: 1,
  TU: 2,
  TUE: 2,
  TUESDAY: 2,
  WE: 3,
  WED: 3,
  WEDNESDAY: 3,
  TH: 4,
  THU: 4,
  THURSDAY: 4,
  FR: 5,
  FRI: 5,
  FRIDAY: 5,
  SA: 6,
  SAT: 6,
  SATURDAY: 6,
};

/** The first such weekday behind a date; undefined for a name of none. */
export function nextWeekday(days: number, name: string): number | undefined {
  const wanted = weekdays[name.trim().toUpperCase()];
  if (wanted === undefined) return undefined;
  return days + 1 + ((wanted - dayOfWeek(days + 1) + 7) % 7);
}

function isLast(days: number): boolean {
  return lastDayOfMonth(days) === days;
}

/** Seconds of the day of local microseconds. */
function seconds(local: Long): number {
  return Math.floor(floorModulo(local, MICROS_PER_DAY) / 1_000_000);
}

/** Whole months when both are the same day or the last of their months, else with a fraction of 31 days; rounded to eight digits. */
export function monthsBetween(a: Long, b: Long, rounds: boolean): number {
  const [dayA, dayB] = [daysOfMicros(a), daysOfMicros(b)];
  const [from, until] = [dateOfDays(dayB), dateOfDays(dayA)];
  const months = until.year * 12 + until.month - (from.year * 12 + from.month);
  if (from.day === until.day || (isLast(dayA) && isLast(dayB))) return months;
  const difference = (until.day - from.day) * 86_400 + seconds(a) - seconds(b);
  const exact = months + difference / (31 * 86_400);
  return rounds ? Math.round(exact * 1e8) / 1e8 : exact;
}
