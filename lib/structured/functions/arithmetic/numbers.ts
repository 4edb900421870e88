import { raise } from '../../../kernel/errors.ts';
import type { DataType, DecimalType, InternalValue, Long } from '../../types/data-type.ts';
import { decimalToWhole, fitsPrecision, powerOfTen, rescale } from '../../types/decimal.ts';
import {
  addLong,
  divideRounded,
  isInLongRange,
  multiplyLong,
  subtractLong,
  toLong,
  wrapLong,
} from '../../types/long.ts';
import type { ScalarFunction } from '../define-function.ts';
import { type OnFailure, decimalOverflow, overflowed } from './failures.ts';

export type NumberOperator = '+' | '-' | '*' | '%' | '/' | 'div' | 'pmod';

const bounds: Readonly<Record<string, number>> = { tinyint: 2 ** 7, smallint: 2 ** 15, int: 2 ** 31 };
const tryNames: Readonly<Record<string, string>> = {
  '+': 'try_add',
  '-': 'try_subtract',
  '*': 'try_multiply',
  '/': 'try_divide',
  '%': 'try_mod',
};

/** An operator on two numbers of one type that is not decimal; `/` only on doubles. */
export function numberOperator(operator: NumberOperator, type: DataType, onFailure: OnFailure): ScalarFunction {
  if (type.kind === 'double' || type.kind === 'float') return floating(operator, type.kind === 'float', onFailure);
  return type.kind === 'bigint' ? long(operator, onFailure) : whole(operator, type.kind, onFailure);
}

function byZero(operator: NumberOperator, onFailure: OnFailure): null {
  if (onFailure !== 'fail') return null;
  return raise(operator === '/' || operator === 'div' ? 'DIVIDE_BY_ZERO' : 'REMAINDER_BY_ZERO', {});
}

function floating(operator: NumberOperator, isFloat: boolean, onFailure: OnFailure): ScalarFunction {
  const round = isFloat ? Math.fround : (value: number) => value;
  switch (operator) {
    case '+':
    case '-':
    case '*': {
      const evaluate = (a: number, b: number): number =>
        round(operator === '+' ? a + b : operator === '-' ? a - b : a * b);
      return isFloat ? { evaluate } : { evaluate, generate: ([a, b]) => `${a} ${operator} ${b}` };
    }
    case '/':
    case '%':
      return {
        evaluate: (a: number, b: number) =>
          b === 0 ? byZero(operator, onFailure) : round(operator === '/' ? a / b : a % b),
      };
    default:
      return { evaluate: (a: number, b: number) => (b === 0 ? byZero(operator, onFailure) : round(positive(a, b))) };
  }
}

/** `pmod`: never negative for a positive divisor. */
function positive(a: number, b: number): number {
  const rest = a % b;
  return rest < 0 ? (rest + b) % b : rest;
}

function whole(operator: NumberOperator, kind: string, onFailure: OnFailure): ScalarFunction {
  const bound = bounds[kind] ?? 0;
  const bits = Math.log2(bound) + 1;
  const fit = (value: number): number | null => {
    if (value >= -bound && value < bound) return value;
    if (onFailure === 'null') return null;
    return onFailure === 'fail' ? overflowed(kind, tryNames[operator]) : Number(BigInt.asIntN(bits, BigInt(value)));
  };
  switch (operator) {
    case '+':
      return {
        evaluate: (a: number, b: number) => fit(a + b),
        generate: ([a, b], bind) => `${bind(fit)}(${a} + ${b})`,
      };
    case '-':
      return {
        evaluate: (a: number, b: number) => fit(a - b),
        generate: ([a, b], bind) => `${bind(fit)}(${a} - ${b})`,
      };
    case '*': {
      // A product may have 62 bits: more than a double holds where it wraps.
      const product = (a: number, b: number): number | null => {
        const value = a * b + 0;
        if (value >= -bound && value < bound) return value;
        return onFailure === 'legacy' ? (Math.imul(a, b) << (32 - bits)) >> (32 - bits) : fit(value);
      };
      return { evaluate: product };
    }
    case '%':
      return { evaluate: (a: number, b: number) => (b === 0 ? byZero(operator, onFailure) : (a % b) + 0) };
    case 'pmod':
      return { evaluate: (a: number, b: number) => (b === 0 ? byZero(operator, onFailure) : positive(a, b) + 0) };
    default:
      return {
        evaluate: (a: number, b: number) => (b === 0 ? byZero(operator, onFailure) : fit(Math.trunc(a / b) + 0)),
      };
  }
}

function long(operator: NumberOperator, onFailure: OnFailure): ScalarFunction {
  const fit = (value: Long): Long | null => {
    if (isInLongRange(value)) return value;
    if (onFailure === 'null') return null;
    return onFailure === 'fail' ? overflowed('bigint', tryNames[operator]) : wrapLong(value);
  };
  switch (operator) {
    case '+':
      return { evaluate: (a: Long, b: Long) => fit(addLong(a, b)) };
    case '-':
      return { evaluate: (a: Long, b: Long) => fit(subtractLong(a, b)) };
    case '*':
      return { evaluate: (a: Long, b: Long) => fit(multiplyLong(a, b)) };
    case '%':
      return { evaluate: (a: Long, b: Long) => (b === 0 ? byZero(operator, onFailure) : remainder(a, b)) };
    case 'pmod':
      return {
        evaluate: (a: Long, b: Long) => {
          if (b === 0) return byZero(operator, onFailure);
          const rest = remainder(a, b);
          return rest < 0 ? remainder(wrapLong(addLong(rest, b)), b) : rest;
        },
      };
    default:
      return { evaluate: (a: Long, b: Long) => (b === 0 ? byZero(operator, onFailure) : fit(quotient(a, b))) };
  }
}

function remainder(a: Long, b: Long): Long {
  return typeof a === 'number' && typeof b === 'number' ? (a % b) + 0 : toLong(BigInt(a) % BigInt(b));
}

function quotient(a: Long, b: Long): Long {
  // A quotient of safe integers may round up to the next integer as a double.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return toLong(BigInt(a) / BigInt(b));
}

/** An operator on decimals of the given types, with the result type of Spark's rules. */
export function decimalOperator(
  operator: NumberOperator,
  left: DecimalType,
  right: DecimalType,
  type: DecimalType,
  onFailure: OnFailure,
): ScalarFunction {
  const fit = (unscaled: Long, scale: number): Long | null => {
    const value = rescale(unscaled, scale, type.scale);
    if (fitsPrecision(value, type.precision)) return value;
    return onFailure === 'fail' ? decimalOverflow(unscaled, scale, type) : null;
  };
  const scale = Math.max(left.scale, right.scale);
  const align = (a: Long, b: Long): readonly [Long, Long] => [
    rescale(a, left.scale, scale),
    rescale(b, right.scale, scale),
  ];
  switch (operator) {
    case '+':
      return {
        evaluate(a: Long, b: Long) {
          const [x, y] = align(a, b);
          return fit(addLong(x, y), scale);
        },
      };
    case '-':
      return {
        evaluate(a: Long, b: Long) {
          const [x, y] = align(a, b);
          return fit(subtractLong(x, y), scale);
        },
      };
    case '*':
      return { evaluate: (a: Long, b: Long) => fit(multiplyLong(a, b), left.scale + right.scale) };
    case '/':
      return {
        evaluate(a: Long, b: Long) {
          if (b === 0) return byZero(operator, onFailure);
          // a/10^s1 / (b/10^s2) at the result's scale, rounded half up once.
          const shift = type.scale - left.scale + right.scale;
          const top = shift >= 0 ? BigInt(a) * powerOfTen(shift) : BigInt(a);
          const bottom = shift >= 0 ? BigInt(b) : BigInt(b) * powerOfTen(-shift);
          return fit(toLong(divideRounded(top, bottom)), type.scale);
        },
      };
    case '%':
    case 'pmod':
      return {
        evaluate(a: Long, b: Long) {
          if (b === 0) return byZero(operator, onFailure);
          const [x, y] = align(a, b);
          const rest = remainder(x, y);
          return fit(operator === 'pmod' && rest < 0 ? remainder(addLong(rest, y), y) : rest, scale);
        },
      };
    default:
      return { evaluate: (a: Long, b: Long) => wholeQuotient(a, b, align, onFailure) };
  }
}

/** `DIV` of decimals: a BIGINT. */
function wholeQuotient(
  a: Long,
  b: Long,
  align: (a: Long, b: Long) => readonly [Long, Long],
  onFailure: OnFailure,
): InternalValue {
  if (b === 0) return byZero('div', onFailure);
  const [x, y] = align(a, b);
  const value = decimalToWhole(quotient(x, y), 0);
  if (isInLongRange(value)) return value;
  // Spark wraps around here with ANSI too.
  return onFailure === 'null' ? null : wrapLong(value);
}
