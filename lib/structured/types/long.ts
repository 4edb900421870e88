import type { Long } from './data-type.ts';

/** The bounds of 64 bits. */
export const minLong = -(2n ** 63n);
export const maxLong = 2n ** 63n - 1n;

/** The one form of an integer: a number while it is safe, else a bigint. */
export function toLong(value: bigint): Long {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export function addLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toLong(BigInt(a) + BigInt(b));
}

export function subtractLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toLong(BigInt(a) - BigInt(b));
}

export function multiplyLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // -0 is no integer of ours.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return toLong(BigInt(a) * BigInt(b));
}

/** Whether the value fits into 64 bits. */
export function isInLongRange(value: Long): boolean {
  return typeof value === 'number' || (value >= minLong && value <= maxLong);
}

/** The value as 64 bits hold it: what is beyond wraps around. */
export function wrapLong(value: Long): Long {
  return typeof value === 'number' ? value : toLong(BigInt.asIntN(64, value));
}

/** `value / divisor` rounded half away from zero, exactly. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  const remainder = value % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < (divisor < 0n ? -divisor : divisor)) return quotient;
  return value < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}
