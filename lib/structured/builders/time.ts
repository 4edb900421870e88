import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** The date at which the batch began, in the session's time zone. */
export function currentDate(): Column {
  return call('current_date');
}

/** The date at which the batch began, in the session's time zone. */
export function curdate(): Column {
  return call('curdate');
}

/** The time of day at which the batch began, in the session's time zone: a TIME of 0 to 6 digits of a second, 6 when left out. */
export function currentTime(precision?: number): Column {
  return call('current_time', ...given(valueOf, precision));
}

/** The time at which the batch began: one for the whole batch. */
export function currentTimestamp(): Column {
  return call('current_timestamp');
}

/** The time at which the batch began: one for the whole batch. */
export function now(): Column {
  return call('now');
}

/** The local time at which the batch began. */
export function localtimestamp(): Column {
  return call('localtimestamp');
}

/** The session's time zone. */
export function currentTimezone(): Column {
  return call('current_timezone');
}

/** A time as text by a pattern. */
export function dateFormat(date: ColumnArgument, format: string | Column): Column {
  return call('date_format', columnOf(date), valueOf(format));
}

/** The year. */
export function year(column: ColumnArgument): Column {
  return call('year', columnOf(column));
}

/** The quarter, 1 to 4. */
export function quarter(column: ColumnArgument): Column {
  return call('quarter', columnOf(column));
}

/** The month, 1 to 12. */
export function month(column: ColumnArgument): Column {
  return call('month', columnOf(column));
}

/** The day of the month. */
export function day(column: ColumnArgument): Column {
  return call('day', columnOf(column));
}

/** The day of the month. */
export function dayofmonth(column: ColumnArgument): Column {
  return call('dayofmonth', columnOf(column));
}

/** The day of the week: 1 is Sunday. */
export function dayofweek(column: ColumnArgument): Column {
  return call('dayofweek', columnOf(column));
}

/** The day of the year. */
export function dayofyear(column: ColumnArgument): Column {
  return call('dayofyear', columnOf(column));
}

/** The day of the week: 0 is Monday. */
export function weekday(column: ColumnArgument): Column {
  return call('weekday', columnOf(column));
}

/** The ISO week. */
export function weekofyear(column: ColumnArgument): Column {
  return call('weekofyear', columnOf(column));
}

/** The short English name of the day. */
export function dayname(column: ColumnArgument): Column {
  return call('dayname', columnOf(column));
}

/** The short English name of the month. */
export function monthname(column: ColumnArgument): Column {
  return call('monthname', columnOf(column));
}

/** The hour of a time. */
export function hour(column: ColumnArgument): Column {
  return call('hour', columnOf(column));
}

/** The minute of a time. */
export function minute(column: ColumnArgument): Column {
  return call('minute', columnOf(column));
}

/** The second of a time. */
export function second(column: ColumnArgument): Column {
  return call('second', columnOf(column));
}

/** A field of a date, a time or an interval; seconds have six digits behind the point. */
export function extract(field: ColumnArgument, source: ColumnArgument): Column {
  return call('extract', columnOf(field), columnOf(source));
}

/** A field of a date, a time or an interval; seconds have six digits behind the point. */
export function datePart(field: ColumnArgument, source: ColumnArgument): Column {
  return call('date_part', columnOf(field), columnOf(source));
}

/** A field of a date, a time or an interval; seconds have six digits behind the point. */
export function datepart(field: ColumnArgument, source: ColumnArgument): Column {
  return call('datepart', columnOf(field), columnOf(source));
}

/** The date some days later. */
export function dateAdd(start: ColumnArgument, days: ColumnArgument): Column {
  return call('date_add', columnOf(start), columnOf(days));
}

/** The date some days later. */
export function dateadd(start: ColumnArgument, days: ColumnArgument): Column {
  return call('dateadd', columnOf(start), columnOf(days));
}

/** The date some days earlier. */
export function dateSub(start: ColumnArgument, days: ColumnArgument): Column {
  return call('date_sub', columnOf(start), columnOf(days));
}

/** Days from the second to the first. */
export function dateDiff(end: ColumnArgument, start: ColumnArgument): Column {
  return call('date_diff', columnOf(end), columnOf(start));
}

/** Days from the second to the first. */
export function datediff(end: ColumnArgument, start: ColumnArgument): Column {
  return call('datediff', columnOf(end), columnOf(start));
}

/** The date some months later; the last day of a shorter month. */
export function addMonths(start: ColumnArgument, months: ColumnArgument): Column {
  return call('add_months', columnOf(start), columnOf(months));
}

/** Months from the second to the first, with a fraction of 31 days; rounded to eight digits unless the third argument is false. */
export function monthsBetween(end: ColumnArgument, start: ColumnArgument, roundOff?: boolean | Column): Column {
  return call('months_between', columnOf(end), columnOf(start), ...given(valueOf, roundOff));
}

/** The last day of the month. */
export function lastDay(date: ColumnArgument): Column {
  return call('last_day', columnOf(date));
}

/** The first such weekday behind a date. */
export function nextDay(date: ColumnArgument, dayOfWeek: string | Column): Column {
  return call('next_day', columnOf(date), valueOf(dayOfWeek));
}

/** The date of a text (by a pattern, or as a cast reads it) or of a time. */
export function toDate(column: ColumnArgument, format?: string | Column): Column {
  return call('to_date', columnOf(column), ...given(valueOf, format));
}

/** The date of a text (by a pattern, or as a cast reads it) or of a time; null for other texts. */
export function tryToDate(column: ColumnArgument, format?: string | Column): Column {
  return call('try_to_date', columnOf(column), ...given(valueOf, format));
}

/** The time of a text (by a pattern, or as a cast reads it). */
export function toTimestamp(column: ColumnArgument, format?: string | Column): Column {
  return call('to_timestamp', columnOf(column), ...given(valueOf, format));
}

/** The time of a text (by a pattern, or as a cast reads it); null for other texts. */
export function tryToTimestamp(column: ColumnArgument, format?: string | Column): Column {
  return call('try_to_timestamp', columnOf(column), ...given(valueOf, format));
}

/** The time of a text (by a pattern, or as a cast reads it). */
export function toTimestampNtz(column: ColumnArgument, format?: ColumnArgument): Column {
  return call('to_timestamp_ntz', columnOf(column), ...given(columnOf, format));
}

/** The time of a text (by a pattern, or as a cast reads it). */
export function toTimestampLtz(column: ColumnArgument, format?: ColumnArgument): Column {
  return call('to_timestamp_ltz', columnOf(column), ...given(columnOf, format));
}

/** Seconds since 1970-01-01 UTC of a text by a pattern, a date or a time; now without an argument. */
export function toUnixTimestamp(column: ColumnArgument, format?: ColumnArgument): Column {
  return call('to_unix_timestamp', columnOf(column), ...given(columnOf, format));
}

/** Seconds since 1970-01-01 UTC of a text by a pattern, a date or a time; now without an argument. */
export function unixTimestamp(column?: ColumnArgument, format?: string | Column): Column {
  return call('unix_timestamp', ...given(columnOf, column), ...given(valueOf, format));
}

/** Seconds since 1970-01-01 UTC as text by a pattern. */
export function fromUnixtime(column: ColumnArgument, format?: string | Column): Column {
  return call('from_unixtime', columnOf(column), ...given(valueOf, format));
}

/** seconds since 1970-01-01 UTC, rounded down. */
export function unixSeconds(column: ColumnArgument): Column {
  return call('unix_seconds', columnOf(column));
}

/** millis since 1970-01-01 UTC, rounded down. */
export function unixMillis(column: ColumnArgument): Column {
  return call('unix_millis', columnOf(column));
}

/** micros since 1970-01-01 UTC, rounded down. */
export function unixMicros(column: ColumnArgument): Column {
  return call('unix_micros', columnOf(column));
}

/** Days since 1970-01-01. */
export function unixDate(column: ColumnArgument): Column {
  return call('unix_date', columnOf(column));
}

/** The time of seconds since 1970-01-01 UTC. */
export function timestampSeconds(column: ColumnArgument): Column {
  return call('timestamp_seconds', columnOf(column));
}

/** The time of millis since 1970-01-01 UTC. */
export function timestampMillis(column: ColumnArgument): Column {
  return call('timestamp_millis', columnOf(column));
}

/** The time of micros since 1970-01-01 UTC. */
export function timestampMicros(column: ColumnArgument): Column {
  return call('timestamp_micros', columnOf(column));
}

/** The date of days since 1970-01-01. */
export function dateFromUnixDate(days: ColumnArgument): Column {
  return call('date_from_unix_date', columnOf(days));
}

/** The start of the unit that a time is in; null for an unknown unit. */
export function dateTrunc(format: string | Column, timestamp: ColumnArgument): Column {
  return call('date_trunc', valueOf(format), columnOf(timestamp));
}

/** The first day of the year, quarter, month or week; null for another unit. */
export function trunc(date: ColumnArgument, format: string | Column): Column {
  return call('trunc', columnOf(date), valueOf(format));
}

/** The time that a clock of the zone shows at a time of UTC. */
export function fromUtcTimestamp(timestamp: ColumnArgument, timeZone: string | Column): Column {
  return call('from_utc_timestamp', columnOf(timestamp), valueOf(timeZone));
}

/** The time of UTC when a clock of the zone shows a time. */
export function toUtcTimestamp(timestamp: ColumnArgument, timeZone: string | Column): Column {
  return call('to_utc_timestamp', columnOf(timestamp), valueOf(timeZone));
}

/** A local time of one zone as that of another. */
export function convertTimezone(
  sourceZone: ColumnArgument,
  targetZone: ColumnArgument,
  timestamp: ColumnArgument,
): Column {
  return call('convert_timezone', columnOf(sourceZone), columnOf(targetZone), columnOf(timestamp));
}

/** The date of year, month and day. */
export function makeDate(year: ColumnArgument, month: ColumnArgument, day: ColumnArgument): Column {
  return call('make_date', columnOf(year), columnOf(month), columnOf(day));
}

/** The time of year, month, day, hour, minute, seconds, and a zone. */
export function makeTimestamp(
  years: ColumnArgument,
  months: ColumnArgument,
  days: ColumnArgument,
  hours: ColumnArgument,
  minutes: ColumnArgument,
  seconds: ColumnArgument,
  timeZone?: ColumnArgument,
): Column {
  return call(
    'make_timestamp',
    columnOf(years),
    columnOf(months),
    columnOf(days),
    columnOf(hours),
    columnOf(minutes),
    columnOf(seconds),
    ...given(columnOf, timeZone),
  );
}

/** The time of year, month, day, hour, minute, seconds, and a zone. */
export function makeTimestampNtz(
  years: ColumnArgument,
  months: ColumnArgument,
  days: ColumnArgument,
  hours: ColumnArgument,
  minutes: ColumnArgument,
  seconds: ColumnArgument,
): Column {
  return call(
    'make_timestamp_ntz',
    columnOf(years),
    columnOf(months),
    columnOf(days),
    columnOf(hours),
    columnOf(minutes),
    columnOf(seconds),
  );
}

/** An interval of days, hours, minutes and seconds. */
export function makeDtInterval(
  days?: ColumnArgument,
  hours?: ColumnArgument,
  minutes?: ColumnArgument,
  seconds?: ColumnArgument,
): Column {
  return call(
    'make_dt_interval',
    ...given(columnOf, days),
    ...given(columnOf, hours),
    ...given(columnOf, minutes),
    ...given(columnOf, seconds),
  );
}

/** An interval of years and months. */
export function makeYmInterval(years?: ColumnArgument, months?: ColumnArgument): Column {
  return call('make_ym_interval', ...given(columnOf, years), ...given(columnOf, months));
}

/** A time some units later. */
export function timestampAdd(unit: string | Column, quantity: ColumnArgument, timestamp: ColumnArgument): Column {
  return call('timestampadd', valueOf(unit), columnOf(quantity), columnOf(timestamp));
}

/** Whole units from the first time to the second. */
export function timestampDiff(unit: string | Column, start: ColumnArgument, end: ColumnArgument): Column {
  return call('timestampdiff', valueOf(unit), columnOf(start), columnOf(end));
}

/** The event time of a window: one microsecond before its end. */
export function windowTime(window: ColumnArgument): Column {
  return call('window_time', columnOf(window));
}
