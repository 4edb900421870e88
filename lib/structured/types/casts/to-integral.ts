import { trimSql } from '../calendar.ts';
import type { DataType, InternalValue, Long } from '../data-type.ts';
import { decimalToWhole } from '../decimal.ts';
import { MICROS_PER_SECOND } from '../interval.ts';
import { unitsOf } from '../interval-type.ts';
import { maxLong, minLong, toLong } from '../long.ts';
import { NANOS_PER_SECOND } from '../time.ts';
import { floorDivide } from '../timestamp.ts';
import { invalidInput, overflow } from './cast-failure.ts';
import type { CastFunction, CastMaker, CastSite } from './cast-site.ts';

interface Width {
  readonly bits: number;
  readonly least: number;
  readonly most: number;
}

const unitSizes: Readonly<Record<string, bigint>> = {
  DAY: 86_400_000_000n,
  HOUR: 3_600_000_000n,
  MINUTE: 60_000_000n,
};

const widths: Readonly<Record<string, Width>> = {
  tinyint: { bits: 8, least: -128, most: 127 },
  smallint: { bits: 16, least: -32768, most: 32767 },
  int: { bits: 32, least: -2147483648, most: 2147483647 },
};

/** Casts to TINYINT, SMALLINT, INT and BIGINT. */
export const toIntegral: CastMaker = (from, to, site) => {
  const narrow = narrowed(from, to, site);
  switch (from.kind) {
    case 'boolean':
      return (value) => (value === true ? 1 : 0);
    case 'string':
      return textToIntegral(from, to, site);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value) => narrow(value as Long, value);
    case 'float':
    case 'double':
      return doubleToIntegral(from, to, site);
    case 'decimal':
      return (value) => narrow(decimalToWhole(value as Long, from.scale), value);
    case 'timestamp':
    case 'time': {
      const size = from.kind === 'time' ? NANOS_PER_SECOND : MICROS_PER_SECOND;
      return (value) => {
        const seconds = floorDivide(value as Long, size);
        // Unlike other numbers, it does not wrap by the old rules.
        const bound = widths[to.kind];
        const fits = bound === undefined || (seconds >= bound.least && seconds <= bound.most);
        return fits ? seconds : overflow(value, from, to, site);
      };
    }
    case 'date':
      return site.mode === 'legacy' ? () => null : undefined;
    case 'interval day to second': {
      const size = unitSizes[unitsOf(from)[1]] ?? 1_000_000n;
      return (value) => narrow(toLong(BigInt(value as Long) / size), value);
    }
    case 'interval year to month': {
      const size = unitsOf(from)[1] === 'YEAR' ? 12 : 1;
      return (value) => narrow(Math.trunc((value as number) / size) + 0, value);
    }
    default:
      return undefined;
  }
};

type Narrow = (value: Long, given: InternalValue) => InternalValue;

/** Beyond the width: wraps in legacy mode as Java does, else fails or gives null. */
function narrowed(from: DataType, to: DataType, site: CastSite): Narrow {
  const width = widths[to.kind];
  if (width === undefined) {
    return (value, given) => {
      if (typeof value === 'number' || (value >= minLong && value <= maxLong)) return value;
      return site.mode === 'legacy' ? toLong(BigInt.asIntN(64, value)) : overflow(given, from, to, site);
    };
  }
  const { least, most, bits } = width;
  return (value, given) => {
    if (value >= least && value <= most) return value;
    return site.mode === 'legacy' ? Number(BigInt.asIntN(bits, BigInt(value))) : overflow(given, from, to, site);
  };
}

/** `12`, ` +7 `; in legacy mode also `12.9`, which is cut. */
function textToIntegral(from: DataType, to: DataType, site: CastSite): CastFunction {
  const pattern = site.mode === 'legacy' ? /^([+-]?)(\d*)(?:\.\d*)?$/u : /^([+-]?)(\d+)$/u;
  const width = widths[to.kind];
  return (value) => {
    const short = shortDigits(value as string);
    if (short >= 0 && (width === undefined || short <= width.most)) return short;
    const text = trimSql(value as string);
    const found = pattern.exec(text);
    if (found === null || text.length === (found[1] ?? '').length) return invalidInput(value, from, to, site);
    const digits = found[2] ?? '';
    if (digits.length < 16) {
      const number = digits === '' ? 0 : found[1] === '-' ? -Number(digits) + 0 : Number(digits);
      const fits = width === undefined || (number >= width.least && number <= width.most);
      return fits ? number : invalidInput(value, from, to, site);
    }
    const size = BigInt(digits);
    const number = found[1] === '-' ? -size : size;
    const fits =
      width === undefined ? number >= minLong && number <= maxLong : number >= width.least && number <= width.most;
    return fits ? toLong(number) : invalidInput(value, from, to, site);
  };
}

/** The usual text, digits that fit 32 bits, without a regular expression; -1 for any other. */
function shortDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let number = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Cut towards zero. In legacy mode NaN is 0 and what is beyond the width stops at its end, as in Java. */
function doubleToIntegral(from: DataType, to: DataType, site: CastSite): CastFunction {
  const width = widths[to.kind];
  return (value) => {
    const number = Math.trunc(value as number) + 0;
    if (width === undefined) {
      if (Number.isSafeInteger(number)) return number;
      if (number >= -(2 ** 63) && number < 2 ** 63) return toLong(BigInt(number));
      if (site.mode !== 'legacy') return overflow(value, from, to, site);
      return Number.isNaN(number) ? 0 : number < 0 ? minLong : maxLong;
    }
    if (number >= width.least && number <= width.most) return number;
    if (site.mode !== 'legacy') return overflow(value, from, to, site);
    if (Number.isNaN(number)) return 0;
    const asInt = Math.max(-2147483648, Math.min(2147483647, number));
    return width.bits === 32 ? asInt : (asInt << (32 - width.bits)) >> (32 - width.bits);
  };
}
