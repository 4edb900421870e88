import { parseDate, trimSql } from '../calendar.ts';
import type { DataType, Long } from '../data-type.ts';
import { decimalToWhole, rescale } from '../decimal.ts';
import {
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  dayTimeMicros,
  parseDayTime,
  parseInterval,
  parseYearMonth,
} from '../interval.ts';
import { unitsOf } from '../interval-type.ts';
import { isInLongRange, maxLong, minLong, multiplyLong, toLong } from '../long.ts';
import {
  daysOfMicros,
  localOfTimestamp,
  microsOfDays,
  parseTimestamp,
  parseTimestampNtz,
  timestampOfLocal,
} from '../timestamp.ts';
import { utf8Bytes } from '../utf8.ts';
import { invalidInput, overflow } from './cast-failure.ts';
import type { CastFunction, CastMaker, CastSite } from './cast-site.ts';

const truths = new Set(['t', 'true', 'y', 'yes', '1']);
const falsehoods = new Set(['f', 'false', 'n', 'no', '0']);

export const toBoolean: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => {
        const text = trimSql(value as string).toLowerCase();
        if (truths.has(text)) return true;
        return falsehoods.has(text) ? false : invalidInput(value, from, to, site);
      };
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'float':
    case 'double':
    case 'decimal':
      return (value) => value !== 0;
    case 'timestamp':
      return site.mode === 'legacy' ? (value) => value !== 0 : undefined;
    case 'date':
      return site.mode === 'legacy' ? () => null : undefined;
    default:
      return undefined;
  }
};

export const toDate: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => parseDate(value as string) ?? invalidInput(value, from, to, site);
    case 'timestamp':
      return (value) => daysOfMicros(localOfTimestamp(value as Long, site.zone));
    case 'timestamp_ntz':
      return (value) => daysOfMicros(value as Long);
    default:
      return undefined;
  }
};

export const toTimestamp: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => parseTimestamp(value as string, site.zone, site.nowUs) ?? invalidInput(value, from, to, site);
    case 'boolean':
      return site.mode === 'legacy' ? (value) => (value === true ? 1 : 0) : undefined;
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value) => saturated(multiplyLong(value as Long, MICROS_PER_SECOND));
    case 'decimal':
      return (value) => {
        const micros = decimalToWhole(
          rescale(value as Long, from.scale, Math.max(from.scale, 6)),
          Math.max(from.scale, 6) - 6,
        );
        return isInLongRange(micros) ? micros : overflow(value, from, to, site);
      };
    case 'float':
    case 'double':
      return secondsToTimestamp(from, to, site);
    case 'date':
      return (value) => timestampOfLocal(microsOfDays(value as number), site.zone);
    case 'timestamp_ntz':
      return (value) => timestampOfLocal(value as Long, site.zone);
    default:
      return undefined;
  }
};

function secondsToTimestamp(from: DataType, to: DataType, site: CastSite): CastFunction {
  return (value) => {
    if (!Number.isFinite(value)) return invalidInput(value, from, to, site);
    const micros = Math.trunc((value as number) * MICROS_PER_SECOND) + 0;
    if (Number.isSafeInteger(micros)) return micros;
    if (site.mode === 'ansi' && Math.abs(micros) >= 2 ** 63) return overflow(value, from, to, site);
    return saturated(toLong(BigInt(micros)));
  };
}

function saturated(micros: Long): Long {
  if (isInLongRange(micros)) return micros;
  return micros < 0 ? minLong : maxLong;
}

export const toTimestampNtz: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => parseTimestampNtz(value as string) ?? invalidInput(value, from, to, site);
    case 'date':
      return (value) => microsOfDays(value as number);
    case 'timestamp':
      return (value) => localOfTimestamp(value as Long, site.zone);
    default:
      return undefined;
  }
};

const byteWidths: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, int: 4, bigint: 8 };

export const toBinary: CastMaker = (from, _, site) => {
  if (from.kind === 'string') return (value) => utf8Bytes(value as string);
  const width = byteWidths[from.kind];
  if (width === undefined || site.mode === 'ansi') return undefined;
  return (value) => {
    const bytes = new Uint8Array(width);
    let rest = BigInt.asUintN(8 * width, BigInt(value as Long));
    for (let i = width - 1; i >= 0; i--) {
      bytes[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return bytes;
  };
};

export const toDayTime: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => dayTimeOf(value as string) ?? invalidInput(value, from, to, site);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value) => {
        const micros = multiplyLong(value as Long, unitMicros[unitsOf(to)[1]] ?? MICROS_PER_SECOND);
        return isInLongRange(micros) ? micros : overflow(value, from, to, site);
      };
    case 'decimal':
      return (value) => rescale(value as Long, from.scale, 6);
    default:
      return undefined;
  }
};

const unitMicros: Readonly<Record<string, number>> = {
  DAY: MICROS_PER_DAY,
  HOUR: MICROS_PER_HOUR,
  MINUTE: MICROS_PER_MINUTE,
};

/** `INTERVAL '1 2:3:4' DAY TO SECOND`, the inside of it, or `1 day 2 hours`. */
function dayTimeOf(text: string): Long | undefined {
  const found = /^(?:interval\s+)?([+-]?)'([^']*)'\s+(\w+(?:\s+to\s+\w+)?)$/iu.exec(trimSql(text));
  if (found !== null) {
    const micros = parseDayTime(found[2] ?? '', (found[3] ?? '').toUpperCase().replace(/\s+/gu, ' '));
    return micros === undefined || found[1] !== '-' ? micros : multiplyLong(micros, -1);
  }
  const plain = parseDayTime(text, 'DAY TO SECOND');
  if (plain !== undefined) return plain;
  const parsed = parseInterval(text);
  return parsed === undefined || parsed.months !== 0 ? undefined : dayTimeMicros(parsed);
}

export const toYearMonth: CastMaker = (from, to, site) => {
  switch (from.kind) {
    case 'string':
      return (value) => yearMonthOf(value as string) ?? invalidInput(value, from, to, site);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value) => {
        const months = Number(value) * (unitsOf(to)[1] === 'YEAR' ? 12 : 1);
        return months >= -2147483648 && months <= 2147483647 ? months : overflow(value, from, to, site);
      };
    default:
      return undefined;
  }
};

function yearMonthOf(text: string): number | undefined {
  const found = /^(?:interval\s+)?([+-]?)'([^']*)'\s+(\w+(?:\s+to\s+\w+)?)$/iu.exec(trimSql(text));
  if (found !== null) {
    const months = parseYearMonth(found[2] ?? '', (found[3] ?? '').toUpperCase().replace(/\s+/gu, ' '));
    return months === undefined || found[1] !== '-' ? months : -months;
  }
  const plain = parseYearMonth(text, 'YEAR TO MONTH');
  if (plain !== undefined) return plain;
  const parsed = parseInterval(text);
  return parsed === undefined || parsed.days !== 0 || parsed.micros !== 0 ? undefined : parsed.months;
}

export const toCalendarInterval: CastMaker = (from, to, site) =>
  from.kind === 'string' ? (value) => parseInterval(value as string) ?? invalidInput(value, from, to, site) : undefined;
