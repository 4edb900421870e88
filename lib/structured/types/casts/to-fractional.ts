import { raise } from '../../../kernel/errors.ts';
import { sqlValueText } from '../../expressions/sql-text.ts';
import { trimSql } from '../calendar.ts';
import type { DataType, DecimalType, InternalValue, Long } from '../data-type.ts';
import { decimalText, decimalToDouble, fitsPrecision, parseDecimal, rescale } from '../decimal.ts';
import { MICROS_PER_SECOND } from '../interval.ts';
import { invalidInput } from './cast-failure.ts';
import type { CastFunction, CastMaker, CastSite } from './cast-site.ts';

/** Casts to FLOAT and DOUBLE. */
export const toFloating: CastMaker = (from, to, site) => {
  const round = to.kind === 'float' ? Math.fround : (value: number) => value;
  switch (from.kind) {
    case 'boolean':
      return (value) => (value === true ? 1 : 0);
    case 'string':
      return (value) => {
        const number = parseDouble(value as string);
        return number === undefined ? invalidInput(value, from, to, site) : round(number);
      };
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'float':
    case 'double':
      return (value) => round(Number(value));
    case 'decimal':
      return (value) => round(decimalToDouble(value as Long, from.scale));
    case 'timestamp':
      return (value) => round(Number(value) / MICROS_PER_SECOND);
    case 'date':
      return site.mode === 'legacy' ? () => null : undefined;
    default:
      return undefined;
  }
};

const special: ReadonlyMap<string, number> = new Map([
  ['inf', Infinity],
  ['+inf', Infinity],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
  ['nan', NaN],
  ['+nan', NaN],
  ['-nan', NaN],
]);

/** The number of a text as Java reads it, and Spark's names of what is no number; `undefined` for anything else. */
function parseDouble(text: string): number | undefined {
  const trimmed = trimSql(text);
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd]?$/iu.test(trimmed)) return Number(trimmed.replace(/[fd]$/iu, ''));
  return special.get(trimmed.toLowerCase()) ?? hexDouble(trimmed);
}

/** Java reads `0x1.8p3` too. */
function hexDouble(text: string): number | undefined {
  const found = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?p([+-]?\d{1,5})[fd]?$/iu.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  const size = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -size : size;
}

/** Casts to DECIMAL, rounded half up. */
export const toDecimal: CastMaker = (from, to, site) => {
  if (to.kind !== 'decimal') return undefined;
  const fit = fitted(from, to, site);
  switch (from.kind) {
    case 'boolean':
      return (value) => fit(rescale(value === true ? 1 : 0, 0, to.scale), value);
    case 'string':
      return (value) => {
        const unscaled = parseDecimal(trimSql(value as string), to.scale);
        return unscaled === undefined ? invalidInput(value, from, to, site) : fit(unscaled, value);
      };
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value) => fit(rescale(value as Long, 0, to.scale), value);
    case 'float':
    case 'double':
      return doubleToDecimal(to, fit);
    case 'decimal':
      return (value) => fit(rescale(value as Long, from.scale, to.scale), value);
    case 'timestamp': {
      const convert = doubleToDecimal(to, fit);
      return (value) => convert(Number(value) / MICROS_PER_SECOND);
    }
    case 'date':
      return site.mode === 'legacy' ? () => null : undefined;
    case 'time':
      return (value) => fit(rescale(value as number, 9, to.scale), value);
    case 'interval day to second':
      return (value) => fit(rescale(value as Long, 6, to.scale), value);
    case 'interval year to month':
      return (value) => fit(rescale(value as Long, 0, to.scale), value);
    default:
      return undefined;
  }
};

type Fit = (unscaled: Long, given: InternalValue) => InternalValue;

/** NaN and the infinities are null even in ANSI mode, as in Spark. */
function doubleToDecimal({ scale }: DecimalType, fit: Fit): CastFunction {
  return (value) => {
    const unscaled = Number.isFinite(value) ? parseDecimal(`${value as number}`, scale) : undefined;
    return unscaled === undefined ? null : fit(unscaled, value);
  };
}

function fitted(from: DataType, to: DecimalType, { mode }: CastSite): Fit {
  return (unscaled, given) => {
    if (fitsPrecision(unscaled, to.precision)) return unscaled;
    if (mode !== 'ansi') return null;
    return raise('NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', {
      value: from.kind === 'decimal' ? decimalText(given as Long, from.scale) : sqlValueText(given, from),
      precision: to.precision,
      scale: to.scale,
    });
  };
}
