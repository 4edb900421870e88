import type { CastFunction, CastMaker, CastSite } from './casts/cast-site.ts';
import { toDecimal, toFloating } from './casts/to-fractional.ts';
import { toIntegral } from './casts/to-integral.ts';
import {
  toBinary,
  toBoolean,
  toCalendarInterval,
  toDate,
  toDayTime,
  toTimestamp,
  toTimestampNtz,
  toYearMonth,
} from './casts/to-other.ts';
import { toText } from './casts/to-text.ts';
import type { DataType, InternalValue, MapValue } from './data-type.ts';
import { timeZone } from './time-zone.ts';

export type { CastFunction, CastSite } from './casts/cast-site.ts';

/**
 * The cast between two types, as Spark 4 does it; `undefined` when no value of the one can be cast to the other in this mode.
 *
 * The function takes values that are not null, and gives null where the mode asks for it instead of failing.
 *
 * @example
 * castFunction({ kind: 'string' }, { kind: 'int' }, { mode: 'try', zone })?.('12.9')   // => null
 */
export function castFunction(from: DataType, to: DataType, site: CastSite): CastFunction | undefined {
  if (from.kind === 'void') return () => null;
  if (isSame(from, to)) return (value) => value;
  return makers[to.kind](from, to, site);
}

/** Whether a cast is possible at all. */
export function canCast(from: DataType, to: DataType, mode: CastSite['mode']): boolean {
  return castFunction(from, to, { mode, zone: anyZone }) !== undefined;
}

const anyZone = timeZone('UTC') ?? { id: 'UTC', offsetAtUtc: () => 0, offsetAtLocal: () => 0 };

const makers: Readonly<Record<DataType['kind'], CastMaker>> = {
  void: () => undefined,
  boolean: toBoolean,
  tinyint: toIntegral,
  smallint: toIntegral,
  int: toIntegral,
  bigint: toIntegral,
  float: toFloating,
  double: toFloating,
  decimal: toDecimal,
  string: toText,
  binary: toBinary,
  date: toDate,
  timestamp: toTimestamp,
  timestamp_ntz: toTimestampNtz,
  time: () => undefined,
  'interval day to second': toDayTime,
  'interval year to month': toYearMonth,
  interval: toCalendarInterval,
  array: toArray,
  map: toMap,
  struct: toStruct,
};

function toArray(from: DataType, to: DataType, site: CastSite): CastFunction | undefined {
  if (from.kind !== 'array' || to.kind !== 'array') return undefined;
  const element = nullable(castFunction(from.element, to.element, site));
  return element && ((value) => (value as readonly InternalValue[]).map(element));
}

function toMap(from: DataType, to: DataType, site: CastSite): CastFunction | undefined {
  if (from.kind !== 'map' || to.kind !== 'map') return undefined;
  const key = castFunction(from.key, to.key, site);
  const item = nullable(castFunction(from.value, to.value, site));
  if (key === undefined || item === undefined) return undefined;
  return (value) => {
    const { keys, values } = value as MapValue;
    return { keys: keys.map(key), values: values.map(item) };
  };
}

function toStruct(from: DataType, to: DataType, site: CastSite): CastFunction | undefined {
  if (from.kind !== 'struct' || to.kind !== 'struct' || from.fields.length !== to.fields.length) return undefined;
  const fields: CastFunction[] = [];
  for (const [i, { type }] of from.fields.entries()) {
    const target = to.fields[i]?.type;
    const field = target && nullable(castFunction(type, target, site));
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return (value) => fields.map((field, i) => field((value as readonly InternalValue[])[i] ?? null));
}

function nullable(cast: CastFunction | undefined): CastFunction | undefined {
  return cast && ((value) => (value === null ? null : cast(value)));
}

/** Whether values of two types are the same as they are: nullability and field names do not change them. */
function isSame(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.scale === b.scale && a.precision === b.precision;
  if (a.kind === 'array' && b.kind === 'array') return isSame(a.element, b.element);
  if (a.kind === 'map' && b.kind === 'map') return isSame(a.key, b.key) && isSame(a.value, b.value);
  if (a.kind === 'struct' && b.kind === 'struct') {
    return (
      a.fields.length === b.fields.length &&
      a.fields.every(({ type }, i) => {
        const other = b.fields[i]?.type;
        return other !== undefined && isSame(type, other);
      })
    );
  }
  return a.kind === b.kind && a.kind !== 'decimal' && a.kind !== 'array' && a.kind !== 'map' && a.kind !== 'struct';
}
