import { raise } from '../../kernel/errors.ts';
import { dateText, parseDate } from './calendar.ts';
import type { CalendarInterval, DataType, InternalValue, Long, MapValue, StructType } from './data-type.ts';
import { decimalText, fitsPrecision, parseDecimal, rescale } from './decimal.ts';
import { calendarText, dayTimeMicros, parseDayTime, parseInterval, parseYearMonth } from './interval.ts';
import { intervalText } from './interval-text.ts';
import { isInLongRange, toLong } from './long.ts';
import { type TimeZone, timeZone } from './time-zone.ts';
import { parseTime, timeText } from './time.ts';
import { parseTimestamp, parseTimestampNtz } from './timestamp.ts';
import { Timestamp, isoLocal } from './timestamp-value.ts';
import { typeText } from './type-text.ts';
import { utf8Bytes } from './utf8.ts';

/**
 * Makes the function that shows values of a type to programs: numbers, texts, booleans, `Uint8Array` as they are; bigint a number while
 * it is safe; DECIMAL, DATE, TIME, TIMESTAMP_NTZ and intervals texts; TIMESTAMP a `Timestamp`; arrays; structs and maps objects without a
 * prototype.
 */
export function toExternal(type: DataType): (value: InternalValue) => unknown {
  const show = showNonNull(type);
  return show === undefined ? same : (value) => (value === null ? null : show(value));
}

function same(value: InternalValue): unknown {
  return value;
}

function showNonNull(type: DataType): ((value: InternalValue) => unknown) | undefined {
  switch (type.kind) {
    case 'decimal':
      return (value) => decimalText(value as Long, type.scale);
    case 'date':
      return (value) => dateText(value as number);
    case 'timestamp':
      return (value) => new Timestamp(value as Long);
    case 'timestamp_ntz':
      return (value) => isoLocal(value as Long);
    case 'time':
      return (value) => timeText(value as number);
    case 'interval day to second':
    case 'interval year to month':
      return (value) => intervalText(value as Long, type);
    case 'interval':
      return (value) => calendarText(value as CalendarInterval);
    case 'array': {
      const element = toExternal(type.element);
      return (value) => (value as readonly InternalValue[]).map(element);
    }
    case 'map': {
      const key = keyText(type.key);
      const item = toExternal(type.value);
      return (value) => {
        const { keys, values } = value as MapValue;
        const shown = bare();
        keys.forEach((each, i) => {
          shown[key(each)] = item(values[i] ?? null);
        });
        return shown;
      };
    }
    case 'struct':
      return showStruct(type);
    default:
      return undefined;
  }
}

function bare(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function keyText(type: DataType): (key: InternalValue) => string {
  const show = toExternal(type);
  return (key) => {
    const shown = show(key);
    if (shown instanceof Timestamp) return shown.toISOString();
    return typeof shown === 'object' ? JSON.stringify(shown) : (shown as number).toString();
  };
}

function showStruct({ fields }: StructType): (value: InternalValue) => Record<string, unknown> {
  const readers = fields.map(({ name, type }) => [name, toExternal(type)] as const);
  return (value) => {
    const row = value as readonly InternalValue[];
    const shown = bare();
    for (let i = 0; i < readers.length; i++) {
      const [name, show] = readers[i] as (typeof readers)[number];
      shown[name] = show(row[i] ?? null);
    }
    return shown;
  };
}

type Read = (value: unknown) => InternalValue;

/**
 * Makes the function that takes values of programs into a type: what `toExternal` gives, and what is usual besides (a Date for a
 * timestamp, a number for a decimal, a Map for a map, an array by position for a struct). `undefined` is null. A value that does not
 * fit raises `QUERY_VALUE_OF_TYPE` with the field; `what` names the value as a whole.
 *
 * @example
 * toInternal(parseSchema('id INT, ts TIMESTAMP'))({ id: 1, ts: '2024-01-01T00:00:00Z' })   // => [1, 1704067200000000]
 */
export function toInternal(type: DataType, zoneId = 'UTC', what = ''): Read {
  const zone = timeZone(zoneId) ?? raise('INVALID_TIMEZONE', { timeZone: zoneId });
  return reader(type, zone, what);
}

function reader(type: DataType, zone: TimeZone, path: string): Read {
  const read = readNonNull(type, zone, path);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function required(read: Read, nullable: boolean, path: string): Read {
  if (nullable) return read;
  return (value) => read(value) ?? raise('QUERY_NULL_NOT_ALLOWED', { column: path || 'value' });
}

const ranges: Readonly<Record<string, number>> = { tinyint: 2 ** 7, smallint: 2 ** 15, int: 2 ** 31 };

function readNonNull(type: DataType, zone: TimeZone, path: string): (value: unknown) => InternalValue {
  const refuse = (value: unknown, expected: string): never => unfit(value, type, path, expected);
  switch (type.kind) {
    case 'void':
      return (value) => refuse(value, 'null');
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : refuse(value, 'true or false'));
    case 'tinyint':
    case 'smallint':
    case 'int': {
      const bound = ranges[type.kind] ?? 0;
      return (value) => {
        const number = typeof value === 'bigint' ? Number(value) : value;
        const fits = typeof number === 'number' && Number.isInteger(number) && number >= -bound && number < bound;
        return fits ? number + 0 : refuse(value, `a whole number of ${-bound} to ${bound - 1}`);
      };
    }
    case 'bigint':
      return (value) => {
        if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
        if (typeof value === 'bigint' && isInLongRange(toLong(value))) return toLong(value);
        return refuse(value, 'a safe integer, or a bigint of 64 bits');
      };
    case 'float':
    case 'double': {
      const round = type.kind === 'float' ? Math.fround : Number;
      return (value) => {
        if (typeof value === 'number' || typeof value === 'bigint') return round(Number(value));
        const isName = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
        return isName ? Number(value) : refuse(value, 'a number');
      };
    }
    case 'decimal':
      return (value) => {
        const { scale, precision } = type;
        const isText = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
        const unscaled =
          typeof value === 'bigint'
            ? rescale(toLong(value), 0, scale)
            : isText
              ? parseDecimal(String(value), scale)
              : undefined;
        return unscaled !== undefined && fitsPrecision(unscaled, precision)
          ? unscaled
          : refuse(value, `a text, number or bigint of at most ${precision - scale} digits before the point`);
      };
    case 'string':
      return (value) => (typeof value === 'string' ? value : refuse(value, 'a text'));
    case 'binary':
      return (value) => {
        if (value instanceof Uint8Array) return value;
        return typeof value === 'string' ? utf8Bytes(value) : refuse(value, 'a Uint8Array');
      };
    case 'date':
      return (value) => {
        if (isDate(value)) return Math.floor(Number(value) / 86_400_000);
        const days = typeof value === 'string' ? parseDate(value) : undefined;
        return days ?? refuse(value, "a text like '2024-01-31', or a Date");
      };
    case 'timestamp':
      return (value) => {
        if (value instanceof Timestamp) return value.epochMicros;
        if (isDate(value)) return toLong(BigInt(Number(value)) * 1000n);
        if (typeof value === 'number' && Number.isFinite(value)) return toLong(BigInt(Math.round(value)) * 1000n);
        const micros = typeof value === 'string' ? parseTimestamp(value, zone) : undefined;
        return micros ?? refuse(value, "a Date, milliseconds since 1970, or a text like '2024-01-31T10:00:00Z'");
      };
    case 'timestamp_ntz':
      return (value) => {
        const micros = typeof value === 'string' ? parseTimestampNtz(value) : undefined;
        return micros ?? refuse(value, "a text like '2024-01-31T10:00:00'");
      };
    case 'time':
      return (value) =>
        (typeof value === 'string' ? parseTime(value) : undefined) ?? refuse(value, "a text like '12:34:56.5'");
    case 'interval day to second':
      return (value) =>
        (typeof value === 'string' ? dayTimeOf(value) : undefined) ?? refuse(value, "a text like '1 day 2 hours'");
    case 'interval year to month':
      return (value) =>
        (typeof value === 'string' ? yearMonthOf(value) : undefined) ?? refuse(value, "a text like '1 year 2 months'");
    case 'interval':
      return (value) =>
        (typeof value === 'string' ? parseInterval(value) : undefined) ?? refuse(value, "a text like '1 month 2 days'");
    case 'array': {
      const element = required(reader(type.element, zone, `${path}[]`), type.containsNull, `${path}[]`);
      return (value) => {
        if (typeof value !== 'object' || value === null || !(Symbol.iterator in value))
          return refuse(value, 'an array');
        return Array.from(value as Iterable<unknown>, element);
      };
    }
    case 'map':
      return readMap(type, zone, path);
    case 'struct':
      return readStruct(type, zone, path);
    default:
      return type satisfies never;
  }
}

function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN(Number(value));
}

function dayTimeOf(text: string): Long | undefined {
  const [, inside = text, range = 'DAY TO SECOND'] = /^INTERVAL '(.*)' ([A-Z ]+)$/u.exec(text) ?? [];
  const parsed = parseInterval(text);
  return parseDayTime(inside, range) ?? (parsed?.months === 0 ? dayTimeMicros(parsed) : undefined);
}

function yearMonthOf(text: string): number | undefined {
  const [, inside = text, range = 'YEAR TO MONTH'] = /^INTERVAL '(.*)' ([A-Z ]+)$/u.exec(text) ?? [];
  const parsed = parseInterval(text);
  const isMonths = parsed?.days === 0 && parsed.micros === 0;
  return parseYearMonth(inside, range) ?? (isMonths ? parsed.months : undefined);
}

function readMap(type: DataType & { kind: 'map' }, zone: TimeZone, path: string): (value: unknown) => MapValue {
  const key = required(reader(type.key, zone, `${path}.key`), false, `the key of ${path || 'a map'}`);
  const item = required(reader(type.value, zone, `${path}.value`), type.valueContainsNull, `${path}.value`);
  // Names of an object are texts, whatever the type of the keys.
  const fromName = /^(?:tinyint|smallint|int|bigint|float|double)$/u.test(type.key.kind)
    ? (name: string) => key(Number(name))
    : key;
  return (value) => {
    if (value instanceof Map) {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)];
      return { keys: entries.map(([name]) => key(name)), values: entries.map(([, each]) => item(each)) };
    }
    if (!isPlain(value)) return unfit(value, type, path, 'a Map or an object');
    const entries = Object.entries(value);
    return { keys: entries.map(([name]) => fromName(name)), values: entries.map(([, each]) => item(each)) };
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !isDate(value)
  );
}

function readStruct({ fields, kind }: StructType, zone: TimeZone, path: string): (value: unknown) => InternalValue {
  const readers = fields.map(({ name, type, nullable }) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [name, required(reader(type, zone, at), nullable, at)] as const;
  });
  const shape = (actual: string): never =>
    raise('QUERY_ROW_SHAPE', {
      actual,
      schema: typeText({ kind, fields }),
      expected: `${fields.length} ${fields.length === 1 ? 'value' : 'values'}`,
    });
  return (value) => {
    if (Array.isArray(value)) {
      if (value.length !== fields.length) shape(`an array of ${value.length}`);
      return readers.map(([, read], i) => read((value as readonly unknown[])[i]));
    }
    if (!isPlain(value)) return shape(describe(value));
    return readers.map(([name, read]) => read(Object.hasOwn(value, name) ? value[name] : undefined));
  };
}

function unfit(value: unknown, type: DataType, path: string, expected: string): never {
  return raise('QUERY_VALUE_OF_TYPE', {
    column: path || 'value',
    type: typeText(type),
    value: describe(value),
    expected,
  });
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}...` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return isDate(value) ? 'a Date' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
