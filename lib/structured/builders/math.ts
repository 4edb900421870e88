import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** The value without its sign. */
export function abs(column: ColumnArgument): Column {
  return call('abs', columnOf(column));
}

/** The square root; NaN of a negative number. */
export function sqrt(column: ColumnArgument): Column {
  return call('sqrt', columnOf(column));
}

/** The cube root. */
export function cbrt(column: ColumnArgument): Column {
  return call('cbrt', columnOf(column));
}

/** The least whole number that is not below the value. */
export function ceil(column: ColumnArgument, scale?: ColumnArgument): Column {
  return call('ceil', columnOf(column), ...given(columnOf, scale));
}

/** The least whole number that is not below the value. */
export function ceiling(column: ColumnArgument, scale?: ColumnArgument): Column {
  return call('ceiling', columnOf(column), ...given(columnOf, scale));
}

/** The greatest whole number that is not above the value. */
export function floor(column: ColumnArgument, scale?: ColumnArgument): Column {
  return call('floor', columnOf(column), ...given(columnOf, scale));
}

/** Rounds half away from zero. */
export function round(column: ColumnArgument, scale?: number | Column): Column {
  return call('round', columnOf(column), ...given(valueOf, scale));
}

/** Rounds half to even. */
export function bround(column: ColumnArgument, scale?: number | Column): Column {
  return call('bround', columnOf(column), ...given(valueOf, scale));
}

/** The nearest whole number, half to even, as a double. */
export function rint(column: ColumnArgument): Column {
  return call('rint', columnOf(column));
}

/** e to the power of the value. */
export function exp(column: ColumnArgument): Column {
  return call('exp', columnOf(column));
}

/** exp(expr) - 1. */
export function expm1(column: ColumnArgument): Column {
  return call('expm1', columnOf(column));
}

/** The natural logarithm; null up to 0. */
export function ln(column: ColumnArgument): Column {
  return call('ln', columnOf(column));
}

/** The logarithm to base 10; null up to 0. */
export function log10(column: ColumnArgument): Column {
  return call('log10', columnOf(column));
}

/** The logarithm to base 2; null up to 0. */
export function log2(column: ColumnArgument): Column {
  return call('log2', columnOf(column));
}

/** ln(1 + expr); null up to -1. */
export function log1p(column: ColumnArgument): Column {
  return call('log1p', columnOf(column));
}

/** The first to the power of the second. */
export function pow(base: ColumnArgument, exponent: ColumnArgument): Column {
  return call('pow', columnOf(base), columnOf(exponent));
}

/** The first to the power of the second. */
export function power(base: ColumnArgument, exponent: ColumnArgument): Column {
  return call('power', columnOf(base), columnOf(exponent));
}

/** -1.0, 0.0 or 1.0 by the sign. */
export function sign(column: ColumnArgument): Column {
  return call('sign', columnOf(column));
}

/** -1.0, 0.0 or 1.0 by the sign. */
export function signum(column: ColumnArgument): Column {
  return call('signum', columnOf(column));
}

/** Sine. */
export function sin(column: ColumnArgument): Column {
  return call('sin', columnOf(column));
}

/** Cosine. */
export function cos(column: ColumnArgument): Column {
  return call('cos', columnOf(column));
}

/** Tangent. */
export function tan(column: ColumnArgument): Column {
  return call('tan', columnOf(column));
}

/** Cotangent. */
export function cot(column: ColumnArgument): Column {
  return call('cot', columnOf(column));
}

/** Secant. */
export function sec(column: ColumnArgument): Column {
  return call('sec', columnOf(column));
}

/** Cosecant. */
export function csc(column: ColumnArgument): Column {
  return call('csc', columnOf(column));
}

/** Arc sine. */
export function asin(column: ColumnArgument): Column {
  return call('asin', columnOf(column));
}

/** Arc cosine. */
export function acos(column: ColumnArgument): Column {
  return call('acos', columnOf(column));
}

/** Arc tangent. */
export function atan(column: ColumnArgument): Column {
  return call('atan', columnOf(column));
}

/** The angle of the point (x, y). */
export function atan2(y: ColumnArgument, x: ColumnArgument): Column {
  return call('atan2', columnOf(y), columnOf(x));
}

/** sqrt(a * a + b * b). */
export function hypot(a: ColumnArgument, b: ColumnArgument): Column {
  return call('hypot', columnOf(a), columnOf(b));
}

/** Hyperbolic sine. */
export function sinh(column: ColumnArgument): Column {
  return call('sinh', columnOf(column));
}

/** Hyperbolic cosine. */
export function cosh(column: ColumnArgument): Column {
  return call('cosh', columnOf(column));
}

/** Hyperbolic tangent. */
export function tanh(column: ColumnArgument): Column {
  return call('tanh', columnOf(column));
}

/** Inverse hyperbolic sine. */
export function asinh(column: ColumnArgument): Column {
  return call('asinh', columnOf(column));
}

/** Inverse hyperbolic cosine. */
export function acosh(column: ColumnArgument): Column {
  return call('acosh', columnOf(column));
}

/** Inverse hyperbolic tangent. */
export function atanh(column: ColumnArgument): Column {
  return call('atanh', columnOf(column));
}

/** Radians as degrees. */
export function degrees(column: ColumnArgument): Column {
  return call('degrees', columnOf(column));
}

/** Degrees as radians. */
export function radians(column: ColumnArgument): Column {
  return call('radians', columnOf(column));
}

/** Pi. */
export function pi(): Column {
  return call('pi');
}

/** Euler's number. */
export function e(): Column {
  return call('e');
}

/** The factorial of 0 to 20, null of others. */
export function factorial(column: ColumnArgument): Column {
  return call('factorial', columnOf(column));
}

/** The bits of a number. */
export function bin(column: ColumnArgument): Column {
  return call('bin', columnOf(column));
}

/** A number from one base in another. */
export function conv(column: ColumnArgument, fromBase: number | Column, toBase: number | Column): Column {
  return call('conv', columnOf(column), valueOf(fromBase), valueOf(toBase));
}

/** The number of the bucket of equal width that a value falls into. */
export function widthBucket(
  value: ColumnArgument,
  low: ColumnArgument,
  high: ColumnArgument,
  buckets: ColumnArgument,
): Column {
  return call('width_bucket', columnOf(value), columnOf(low), columnOf(high), columnOf(buckets));
}

/** Bits shifted: <<. */
export function shiftleft(column: ColumnArgument, bits: number | Column): Column {
  return call('shiftleft', columnOf(column), valueOf(bits));
}

/** Bits shifted: >>. */
export function shiftright(column: ColumnArgument, bits: number | Column): Column {
  return call('shiftright', columnOf(column), valueOf(bits));
}

/** Bits shifted: >>>. */
export function shiftrightunsigned(column: ColumnArgument, bits: number | Column): Column {
  return call('shiftrightunsigned', columnOf(column), valueOf(bits));
}

/** How many bits are set. */
export function bitCount(column: ColumnArgument): Column {
  return call('bit_count', columnOf(column));
}

/** The bit at a position, from the right. */
export function bitGet(column: ColumnArgument, position: ColumnArgument): Column {
  return call('bit_get', columnOf(column), columnOf(position));
}

/** The bit at a position, from the right. */
export function getbit(column: ColumnArgument, position: ColumnArgument): Column {
  return call('getbit', columnOf(column), columnOf(position));
}

/** A random number from 0 (inclusive) to 1 (exclusive). */
export function rand(seed?: number | Column): Column {
  return call('rand', ...given(valueOf, seed));
}

/** A random number from 0 (inclusive) to 1 (exclusive). */
export function random(seed?: number | Column): Column {
  return call('random', ...given(valueOf, seed));
}

/** A random number of the standard normal distribution. */
export function randn(seed?: number | Column): Column {
  return call('randn', ...given(valueOf, seed));
}

/** The remainder, never negative for a positive divisor. */
export function pmod(dividend: ColumnArgument, divisor: ColumnArgument): Column {
  return call('pmod', columnOf(dividend), columnOf(divisor));
}

/** The remainder, with the sign of the left side. */
export function mod(dividend: ColumnArgument, divisor: ColumnArgument): Column {
  return call('mod', columnOf(dividend), columnOf(divisor));
}

/** The number with the other sign. */
export function negative(column: ColumnArgument): Column {
  return call('negative', columnOf(column));
}

/** The number itself. */
export function positive(column: ColumnArgument): Column {
  return call('positive', columnOf(column));
}

/** Adds; null where the result overflows or the divisor is zero. */
export function tryAdd(left: ColumnArgument, right: ColumnArgument): Column {
  return call('try_add', columnOf(left), columnOf(right));
}

/** Subtracts; null where the result overflows or the divisor is zero. */
export function trySubtract(left: ColumnArgument, right: ColumnArgument): Column {
  return call('try_subtract', columnOf(left), columnOf(right));
}

/** Multiplies; null where the result overflows or the divisor is zero. */
export function tryMultiply(left: ColumnArgument, right: ColumnArgument): Column {
  return call('try_multiply', columnOf(left), columnOf(right));
}

/** Divides; null where the result overflows or the divisor is zero. */
export function tryDivide(left: ColumnArgument, right: ColumnArgument): Column {
  return call('try_divide', columnOf(left), columnOf(right));
}

/** The remainder; null where the result overflows or the divisor is zero. */
export function tryMod(left: ColumnArgument, right: ColumnArgument): Column {
  return call('try_mod', columnOf(left), columnOf(right));
}
