/** The proleptic Gregorian calendar on days since 1970-01-01, exact for every year of Spark's range. */

const DAYS_BEFORE_1970 = 719468;
const DAYS_PER_ERA = 146097;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Months count from 1. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

/** Days since 1970-01-01 of a date that exists. */
export function daysOfDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_BEFORE_1970;
}

/** Days since 1970-01-01, or `undefined` for a date that does not exist. */
export function checkedDaysOfDate(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysOfDate(year, month, day);
}

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function dateOfDays(days: number): CalendarDate {
  const shifted = days + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** The date `months` later; the last day of a shorter month in place of a day that does not exist. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = dateOfDays(days);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  return daysOfDate(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

/** `2024-01-02`; years beyond 9999 with a plus, as Java writes them. */
export function dateText(days: number): string {
  const { year, month, day } = dateOfDays(days);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(4, '0')}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** Days of `[+-]yyyy[-m[-d]]`, which anything may follow after a blank or `T`; blanks around are ignored. */
export function parseDate(text: string): number | undefined {
  const found = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T][^]*)?)?)?$/u.exec(trimSql(text));
  if (found === null) return undefined;
  const year = Number(found[2]) * (found[1] === '-' ? -1 : 1);
  return checkedDaysOfDate(year, Number(found[3] ?? 1), Number(found[4] ?? 1));
}

/** Without the blanks and control characters around it, as casts of Spark read texts (`UTF8String.trimAll`). */
export function trimSql(text: string): string {
  let from = 0;
  let until = text.length;
  while (from < until && isBlank(text.charCodeAt(from))) from++;
  while (until > from && isBlank(text.charCodeAt(until - 1))) until--;
  return from === 0 && until === text.length ? text : text.slice(from, until);
}

function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0x7f;
}
