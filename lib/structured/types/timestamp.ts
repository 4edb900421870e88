import { checkedDaysOfDate, dateOfDays, dateText, trimSql } from './calendar.ts';
import type { Long } from './data-type.ts';
import { MICROS_PER_DAY, MICROS_PER_SECOND } from './interval.ts';
import { addLong, isInLongRange, multiplyLong } from './long.ts';
import { type TimeZone, timeZone } from './time-zone.ts';

/** Whole units below `value / size`, rounded down. Exact for every Long. */
export function floorDivide(value: Long, size: number): number {
  if (typeof value === 'number') {
    const rest = value % size;
    return (value - (rest < 0 ? rest + size : rest)) / size;
  }
  const divisor = BigInt(size);
  const quotient = value / divisor;
  return Number(value % divisor < 0n ? quotient - 1n : quotient);
}

/** What remains of `value` above the whole units: 0 to size - 1. */
export function floorModulo(value: Long, size: number): number {
  const rest = typeof value === 'number' ? value % size : Number(value % BigInt(size));
  return rest < 0 ? rest + size : rest + 0;
}

/** Local microseconds (a timestamp_ntz) of a timestamp in a zone. */
export function localOfTimestamp(micros: Long, zone: TimeZone): Long {
  const offset = zone.offsetAtUtc(floorDivide(micros, MICROS_PER_SECOND));
  return offset === 0 ? micros : addLong(micros, offset * MICROS_PER_SECOND);
}

/** The timestamp of local microseconds in a zone. */
export function timestampOfLocal(micros: Long, zone: TimeZone): Long {
  const offset = zone.offsetAtLocal(floorDivide(micros, MICROS_PER_SECOND));
  return offset === 0 ? micros : addLong(micros, -offset * MICROS_PER_SECOND);
}

/** The date of local microseconds. */
export function daysOfMicros(micros: Long): number {
  return floorDivide(micros, MICROS_PER_DAY);
}

/** Local microseconds at midnight of a date. */
export function microsOfDays(days: number): Long {
  return multiplyLong(days, MICROS_PER_DAY);
}

/** `2024-01-02 03:04:05.123`: local microseconds without trailing zeros. */
export function localText(micros: Long): string {
  const time = floorModulo(micros, MICROS_PER_DAY);
  const fraction = time % MICROS_PER_SECOND;
  const seconds = (time - fraction) / MICROS_PER_SECOND;
  const text = `${dateText(daysOfMicros(micros))} ${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0').replace(/0+$/u, '')}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** A timestamp as `CAST(ts AS STRING)` writes it in a zone. */
export function timestampText(micros: Long, zone: TimeZone): string {
  return localText(localOfTimestamp(micros, zone));
}

/** What a text says of a time: local microseconds, and the zone if it names one. */
export interface ParsedTimestamp {
  readonly local: Long;
  readonly zone: TimeZone | undefined;
  /** Only a time of day: `local` counts from midnight. */
  readonly isTimeOnly: boolean;
}

const pattern =
  /^(?:([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?([^\d.][^]*)?)?)?)?)?)?|(T?)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?([^\d.][^]*)?)?)?)$/u;

/** Reads a time as casts do: `2024`, `2024-1-2`, `2024-01-02T03:04:05.123456+01:00`, `10:30:00 Europe/Vienna`; `undefined` for anything else. */
export function parseTimestampParts(text: string): ParsedTimestamp | undefined {
  const found = pattern.exec(trimSql(text));
  if (found === null) return undefined;
  const isTimeOnly = found[2] === undefined;
  // A lone number of one or two digits is no time: `12` is neither a year nor an hour.
  if (isTimeOnly && found[10] !== 'T' && found[12] === undefined) return undefined;
  const [hour, minute, second, fraction, zoneText] = isTimeOnly ? found.slice(11, 16) : found.slice(5, 10);
  const zone = zoneText === undefined ? undefined : parseZone(zoneText);
  if (zoneText !== undefined && zone === undefined) return undefined;
  const h = Number(hour ?? 0);
  const m = Number(minute ?? 0);
  const s = Number(second ?? 0);
  if (h > 23 || m > 59 || s > 59) return undefined;
  const time = (h * 3600 + m * 60 + s) * MICROS_PER_SECOND + Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
  if (isTimeOnly) return { local: time, zone, isTimeOnly };
  const year = Number(found[2]) * (found[1] === '-' ? -1 : 1);
  const days = checkedDaysOfDate(year, Number(found[3] ?? 1), Number(found[4] ?? 1));
  if (days === undefined) return undefined;
  return { local: addLong(microsOfDays(days), time), zone, isTimeOnly };
}

/** `+1:00` and `+01:0` were read by old versions, so they still are. */
function parseZone(text: string): TimeZone | undefined {
  return timeZone(
    trimSql(text)
      .replace(/([+-])(\d):/u, '$10$2:')
      .replace(/([+-])(\d\d):(\d)$/u, '$1$2:0$3'),
  );
}

/** Microseconds of a text in the session's zone; `nowUs` is asked when the text has only a time of day. */
export function parseTimestamp(text: string, session: TimeZone, nowUs?: () => Long): Long | undefined {
  const parsed = parseTimestampParts(text);
  if (parsed === undefined) return undefined;
  const zone = parsed.zone ?? session;
  let { local } = parsed;
  if (parsed.isTimeOnly) {
    if (nowUs === undefined) return undefined;
    local = addLong(microsOfDays(daysOfMicros(localOfTimestamp(nowUs(), zone))), local);
  }
  const micros = timestampOfLocal(local, zone);
  return isInLongRange(micros) ? micros : undefined;
}

/** Local microseconds of a text; a zone in it is read over. */
export function parseTimestampNtz(text: string): Long | undefined {
  const parsed = parseTimestampParts(text);
  return parsed === undefined || parsed.isTimeOnly || !isInLongRange(parsed.local) ? undefined : parsed.local;
}

/** The local date and time of microseconds, split. */
export function partsOfMicros(micros: Long): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly secondOfDay: number;
  readonly micros: number;
} {
  const time = floorModulo(micros, MICROS_PER_DAY);
  const fraction = time % MICROS_PER_SECOND;
  return { ...dateOfDays(daysOfMicros(micros)), secondOfDay: (time - fraction) / MICROS_PER_SECOND, micros: fraction };
}
