import type { DataType, DecimalType, Long } from './data-type.ts';
import { divideRounded, toLong } from './long.ts';
import { decimalType } from './type-classes.ts';

const powers: bigint[] = [];

/** 10 to the power of `exponent`. */
export function powerOfTen(exponent: number): bigint {
  return (powers[exponent] ??= 10n ** BigInt(exponent));
}

/** An unscaled value as text: `-1.50` for -150 and scale 2. */
export function decimalText(unscaled: Long, scale: number): string {
  if (scale === 0) return String(unscaled);
  const negative = unscaled < 0;
  const digits = String(unscaled)
    .slice(negative ? 1 : 0)
    .padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Whether an unscaled value has at most `precision` digits. */
export function fitsPrecision(unscaled: Long, precision: number): boolean {
  if (typeof unscaled === 'number') return precision >= 16 || Math.abs(unscaled) < 10 ** precision;
  const bound = powerOfTen(precision);
  return unscaled < bound && unscaled > -bound;
}

/** The unscaled value at another scale, rounded half up (away from zero). */
export function rescale(unscaled: Long, from: number, to: number): Long {
  if (from === to) return unscaled;
  if (typeof unscaled === 'number') {
    const small = rescaleNumber(unscaled, from, to);
    if (small !== undefined) return small;
  }
  if (to > from) return toLong(BigInt(unscaled) * powerOfTen(to - from));
  return toLong(divideRounded(BigInt(unscaled), powerOfTen(from - to)));
}

/** The same without bigints, where the result is a safe integer. */
function rescaleNumber(unscaled: number, from: number, to: number): number | undefined {
  const power = 10 ** Math.abs(to - from);
  if (to > from) {
    const product = unscaled * power;
    return Number.isSafeInteger(product) ? product : undefined;
  }
  if (power > 1e15) return undefined;
  const rest = unscaled % power;
  const quotient = (unscaled - rest) / power;
  if (2 * Math.abs(rest) < power) return quotient + 0;
  return unscaled < 0 ? quotient - 1 : quotient + 1;
}

/** The value of a text at a scale, rounded half up; `undefined` when the text is no number. */
export function parseDecimal(text: string, scale: number): Long | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/u.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/u, '');
  const shift = fraction.length - Number(exponent);
  if (digits === '0') return 0;
  // Far beyond 38 digits on either side: do not compute with a billion zeros.
  if (digits.length - shift > 400) return toLong(powerOfTen(400));
  if (shift - digits.length > scale + 1) return 0;
  const size =
    shift < 0 ? rescale(toLong(BigInt(digits) * powerOfTen(-shift)), 0, scale) : rescaleText(digits, shift, scale);
  return sign === '-' ? toLong(-BigInt(size)) : size;
}

function rescaleText(digits: string, from: number, to: number): Long {
  if (from - to > 400) {
    // Only the leading digits count.
    const cut = from - to - 100;
    return rescale(toLong(BigInt(digits.slice(0, -cut) || '0')), from - cut, to);
  }
  return rescale(toLong(BigInt(digits)), from, to);
}

/** The double nearest to a decimal. */
export function decimalToDouble(unscaled: Long, scale: number): number {
  return scale === 0 ? Number(unscaled) : Number(decimalText(unscaled, scale));
}

/** The unscaled value without what is behind the point. */
export function decimalToWhole(unscaled: Long, scale: number): Long {
  return scale === 0 ? unscaled : toLong(BigInt(unscaled) / powerOfTen(scale));
}

const MAX_PRECISION = 38;
const MIN_ADJUSTED_SCALE = 6;

/** A decimal type that may be too wide, made to fit: digits before the point are kept, those behind it are given up. */
function adjustPrecision(precision: number, scale: number, allowLoss = true): DecimalType {
  if (precision <= MAX_PRECISION) return decimalType(precision, scale);
  if (!allowLoss) return decimalType(MAX_PRECISION, Math.min(scale, MAX_PRECISION));
  const whole = precision - scale;
  const least = Math.min(scale, MIN_ADJUSTED_SCALE);
  return decimalType(MAX_PRECISION, Math.max(MAX_PRECISION - whole, least));
}

/** The type of `a <operator> b` for decimals, by Spark's rules. */
export function decimalResult(
  operator: '+' | '-' | '*' | '/' | '%' | 'div',
  a: DecimalType,
  b: DecimalType,
  allowLoss = true,
): DecimalType {
  const { precision: p1, scale: s1 } = a;
  const { precision: p2, scale: s2 } = b;
  switch (operator) {
    case '+':
    case '-': {
      const scale = Math.max(s1, s2);
      return adjustPrecision(Math.max(p1 - s1, p2 - s2) + scale + 1, scale, allowLoss);
    }
    case '*':
      return adjustPrecision(p1 + p2 + 1, s1 + s2, allowLoss);
    case '/': {
      if (!allowLoss) {
        let whole = Math.min(MAX_PRECISION, p1 - s1 + s2);
        let fraction = Math.min(MAX_PRECISION, Math.max(6, s1 + p2 + 1));
        const excess = whole + fraction - MAX_PRECISION;
        if (excess > 0) {
          fraction -= Math.floor(excess / 2) + 1;
          whole = MAX_PRECISION - fraction;
        }
        return adjustPrecision(whole + fraction, fraction, false);
      }
      const scale = Math.max(6, s1 + p2 + 1);
      return adjustPrecision(p1 - s1 + s2 + scale, scale, true);
    }
    case '%': {
      const scale = Math.max(s1, s2);
      return adjustPrecision(Math.min(p1 - s1, p2 - s2) + scale, scale, allowLoss);
    }
    case 'div': {
      const whole = p1 - s1 + s2;
      return decimalType(Math.min(Math.max(whole, 1), MAX_PRECISION), 0);
    }
    default:
      return operator satisfies never;
  }
}

/** The decimal type that holds the values of both; where 38 digits are not enough, those before the point are kept. */
export function widerDecimal(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  const excess = Math.max(0, whole + scale - MAX_PRECISION);
  return decimalType(whole + scale - excess, Math.max(0, scale - excess));
}

const wholeDigits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 20 };

/** The decimal type that holds the values of a type; `undefined` when none does. */
export function decimalOf(type: DataType): DecimalType | undefined {
  if (type.kind === 'decimal') return type;
  const precision = wholeDigits[type.kind];
  return precision === undefined ? undefined : decimalType(precision, 0);
}
