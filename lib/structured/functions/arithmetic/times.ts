import { raise } from '../../../kernel/errors.ts';
import { addMonths } from '../../types/calendar.ts';
import type { CalendarInterval, Long } from '../../types/data-type.ts';
import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../../types/interval.ts';
import { addLong, isInLongRange, multiplyLong, subtractLong } from '../../types/long.ts';
import type { TimeZone } from '../../types/time-zone.ts';
import {
  daysOfMicros,
  floorDivide,
  floorModulo,
  localOfTimestamp,
  microsOfDays,
  timestampOfLocal,
} from '../../types/timestamp.ts';

/** A timestamp within 64 bits. */
function checkedMicros(micros: Long): Long {
  if (isInLongRange(micros)) return micros;
  return raise('DATETIME_OVERFLOW', { operation: 'adding an interval to a timestamp' });
}

/** A date within 32 bits. */
export function checkedDays(days: number): number {
  if (days >= -2147483648 && days <= 2147483647) return days;
  return raise('DATETIME_OVERFLOW', { operation: 'adding an interval to a date' });
}

/** Adds whole days by the calendar of the zone (a day with a change of the clock has 23 or 25 hours), then the rest as time. */
export function addDayTime(micros: Long, interval: Long, zone: TimeZone): Long {
  const days = wholeDays(interval);
  const rest = subtractLong(interval, multiplyLong(days, MICROS_PER_DAY));
  return checkedMicros(addLong(addDays(micros, days, zone), rest));
}

function wholeDays(interval: Long): number {
  const days = floorDivide(interval, MICROS_PER_DAY);
  return days < 0 && floorModulo(interval, MICROS_PER_DAY) !== 0 ? days + 1 : days + 0;
}

/** Adds days to a timestamp: the same time of day in its zone. */
function addDays(micros: Long, days: number, zone: TimeZone): Long {
  if (days === 0) return micros;
  return fromLocal(addLong(localOfTimestamp(micros, zone), multiplyLong(days, MICROS_PER_DAY)), micros, zone);
}

/** Adds months to a timestamp: the same time of day in its zone, the last day of a shorter month. */
export function addMonthsToTimestamp(micros: Long, months: number, zone: TimeZone): Long {
  if (months === 0) return micros;
  const local = localOfTimestamp(micros, zone);
  const days = addMonths(daysOfMicros(local), months);
  return checkedMicros(fromLocal(addLong(microsOfDays(days), floorModulo(local, MICROS_PER_DAY)), micros, zone));
}

/** Where the clock shows a time twice, the offset of before stays. */
function fromLocal(local: Long, before: Long, zone: TimeZone): Long {
  const offset = zone.offsetAtUtc(floorDivide(before, MICROS_PER_SECOND));
  const kept = addLong(local, -offset * MICROS_PER_SECOND);
  if (zone.offsetAtUtc(floorDivide(kept, MICROS_PER_SECOND)) === offset) return kept;
  return timestampOfLocal(local, zone);
}

/** Adds a calendar interval: months, then days, then time. */
export function addCalendar(micros: Long, interval: CalendarInterval, zone: TimeZone, sign: 1 | -1): Long {
  const months = addMonthsToTimestamp(micros, sign * interval.months, zone);
  const days = addDays(months, sign * interval.days, zone);
  return checkedMicros(addLong(days, multiplyLong(interval.micros, sign)));
}

/** The time between two timestamps as a day-time interval. */
export function betweenTimestamps(end: Long, start: Long, zone: TimeZone): Long {
  return subtractLong(localOfTimestamp(end, zone), localOfTimestamp(start, zone));
}
