import { raise } from '../../kernel/errors.ts';
import type { DataType, InternalValue, Long } from '../types/data-type.ts';
import { toLong } from '../types/long.ts';
import { atomic } from '../types/type-classes.ts';
import type { FunctionDefinition } from './define-function.ts';
import { bitmapFunctions } from './math/bitmaps.ts';
import { roundingFunctions } from './math/rounding.ts';
import { randomRangeFunctions } from './math/uniform.ts';
import { randomFunctions } from './math/random.ts';
import { scalarsOf } from './scalar.ts';

const define = scalarsOf('math');
const firstType = (types: readonly DataType[]): DataType => types[0] ?? atomic('double');

function real(
  name: string,
  f: (x: number) => number | null,
  summary: string,
  example: readonly [string, string],
  aliases: readonly string[] = [],
): FunctionDefinition {
  return define(name, ['double'], 'double', { summary, usage: `${name}(expr)`, examples: [example], aliases }, f, {
    nullable: true,
  });
}

/** Logarithms have no value up to their bound: null, as Spark. */
function logarithm(bound: number, f: (x: number) => number): (x: number) => number | null {
  return (x) => (x <= bound ? null : f(x));
}

const integerBits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 };

function abs(kind: string, ansi: boolean): (value: Long) => Long {
  const bits = integerBits[kind];
  if (bits === undefined) return (value) => (value < 0 ? toNegative(value) : value);
  const least = -(2n ** BigInt(bits - 1));
  return (value) => {
    if (value >= 0) return value;
    if (BigInt(value) === least) {
      if (ansi) raise('ARITHMETIC_OVERFLOW', { what: 'overflow in abs', mend: 'Use a wider type' });
      return value;
    }
    return toNegative(value);
  };
}

function toNegative(value: Long): Long {
  return typeof value === 'number' ? -value : toLong(-value);
}

function factorial(n: number): Long | null {
  if (n < 0 || n > 20) return null;
  let result = 1n;
  for (let i = 2n; i <= BigInt(n); i++) result *= i;
  return toLong(result);
}

const most64 = 2n ** 64n - 1n;

/**
 * Digits of a text in one base as text in another, in 64 bits; a negative target base means signed. Digits that do not belong end the
 * number; one that is too long fails with ANSI, and is the greatest else.
 */
function convert(ansi: boolean): (text: string, from: number, to: number) => string | null {
  return (text, from, to) => {
    const base = Math.abs(to);
    if (from < 2 || from > 36 || base < 2 || base > 36) return null;
    const trimmed = text.trim();
    if (trimmed === '') return null;
    const isNegative = trimmed.startsWith('-');
    let value = 0n;
    for (const char of trimmed.slice(isNegative ? 1 : 0)) {
      const digit = Number.parseInt(char, 36);
      if (Number.isNaN(digit) || digit >= from) break;
      value = value * BigInt(from) + BigInt(digit);
      if (value > most64) {
        if (ansi) raise('ARITHMETIC_OVERFLOW', { what: 'overflow in conv', mend: 'Use a shorter number' });
        value = most64;
        break;
      }
    }
    let hasSign = isNegative;
    // In 64 bits, the upper half is negative.
    const isHigh = BigInt.asIntN(64, value) < 0n;
    if (isNegative && to > 0) value = isHigh ? most64 : BigInt.asUintN(64, -value);
    else if (to < 0 && isHigh) {
      value = BigInt.asUintN(64, -value);
      hasSign = true;
    }
    return (hasSign && to < 0 ? '-' : '') + value.toString(base).toUpperCase();
  };
}

function widthBucket(given: Long, from: Long, until: Long, count: Long): Long | null {
  const [value, least, most, buckets] = [Number(given), Number(from), Number(until), BigInt(count)];
  if (buckets <= 0n || buckets >= 2n ** 63n - 1n || least === most) return null;
  if (Number.isNaN(value) || !Number.isFinite(least) || !Number.isFinite(most)) return null;
  const [low, high] = [Math.min(least, most), Math.max(least, most)];
  const [isBefore, isBehind] = least < most ? [value < low, value >= high] : [value > high, value <= low];
  if (isBefore) return 0;
  if (isBehind) return toLong(buckets + 1n);
  const part = least < most ? value - low : high - value;
  return toLong(BigInt(Math.floor((Number(buckets) * part) / (high - low))) + 1n);
}

/** Intervals are counted among intervals of their kind. */
function sameKinds(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      const signature = definition.resolve(args, site);
      const kinds = [...new Set(signature.args.slice(0, 3).map(({ kind }) => kind))];
      if (kinds.length > 1) {
        raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', {
          function: definition.name,
          actual: kinds.join(', ').toUpperCase(),
        });
      }
      return signature;
    },
  };
}

function shift(
  name: string,
  symbol: string,
  aliases: readonly string[],
  int: (a: number, n: number) => number,
  long: (a: bigint, n: bigint) => bigint,
  example: readonly [string, string],
): FunctionDefinition {
  return {
    ...define(
      name,
      ['intOrBigint', 'int'],
      (types) => (types[0]?.kind === 'bigint' ? atomic('bigint') : atomic('int')),
      {
        summary: `Bits shifted: ${symbol}.`,
        usage: `${name}(base, n)`,
        examples: [example],
        aliases: [symbol, ...aliases],
      },
      int,
    ),
    body: {
      kind: 'scalar',
      bind: ({ type }) =>
        type.kind === 'bigint'
          ? {
              evaluate: (a: Long, n: number) =>
                toLong(BigInt.asIntN(64, long(BigInt.asIntN(64, BigInt(a)), BigInt(n & 63)))),
            }
          : { evaluate: (a: number, n: number) => int(a, n & 31) },
    },
  };
}

function bitCount(value: Long | boolean): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  let bits = BigInt.asUintN(64, BigInt(value));
  let count = 0;
  for (; bits !== 0n; bits &= bits - 1n) count++;
  return count;
}

const radian = Math.PI / 180;
/** From here on squares are no doubles. */
const largeRoot = 1e150;
const degree = 57.29577951308232;

/** The formulas of Spark: their last digits are its own. */
const asinh = (x: number): number => (Math.abs(x) > largeRoot ? Math.asinh(x) : Math.log(x + Math.sqrt(x * x + 1)));
const acosh = (x: number): number => (x > largeRoot ? Math.acosh(x) : Math.log(x + Math.sqrt(x * x - 1)));

/** As Java has it where the squares are no too large and no too small numbers. */
function hypot(a: number, b: number): number {
  const square = a * a + b * b;
  return square > 1e-290 && square < Infinity ? Math.sqrt(square) : Math.hypot(a, b);
}

export const mathFunctions: readonly FunctionDefinition[] = [
  {
    ...define(
      'abs',
      ['numericOrInterval'],
      firstType,
      { summary: 'The value without its sign.', usage: 'abs(expr)', examples: [['abs(-1)', '1']] },
      (value: number) => Math.abs(value),
    ),
    body: {
      kind: 'scalar',
      bind: ({ type, ansi }) => ({
        evaluate:
          type.kind === 'double' || type.kind === 'float' ? (value: number) => Math.abs(value) : abs(type.kind, ansi),
      }),
    },
  },
  ...roundingFunctions,
  real('sqrt', Math.sqrt, 'The square root; NaN of a negative number.', ['sqrt(4)', '2.0']),
  real('cbrt', Math.cbrt, 'The cube root.', ['cbrt(27.0)', '3.0']),
  real('exp', Math.exp, 'e to the power of the value.', ['exp(0)', '1.0']),
  real('expm1', Math.expm1, 'exp(expr) - 1.', ['expm1(0)', '0.0']),
  real('ln', logarithm(0, Math.log), 'The natural logarithm; null up to 0.', ['ln(1)', '0.0']),
  real('log10', logarithm(0, Math.log10), 'The logarithm to base 10; null up to 0.', ['log10(10)', '1.0']),
  real(
    'log2',
    logarithm(0, (x) => Math.log(x) / Math.log(2)),
    'The logarithm to base 2; null up to 0.',
    ['log2(2)', '1.0'],
  ),
  real('log1p', logarithm(-1, Math.log1p), 'ln(1 + expr); null up to -1.', ['log1p(0)', '0.0']),
  define(
    'log',
    ['double', 'double?'],
    'double',
    {
      summary: 'The logarithm to a base; natural with one argument.',
      usage: 'log([base, ]expr)',
      examples: [['log(10, 100)', '2.0']],
    },
    (base: number, x?: number) => {
      if (x === undefined) return base <= 0 ? null : Math.log(base);
      return base <= 0 || x <= 0 ? null : Math.log(x) / Math.log(base);
    },
    { nullable: true },
  ),
  define(
    'pow',
    ['double', 'double'],
    'double',
    {
      summary: 'The first to the power of the second.',
      usage: 'pow(base, exponent)',
      examples: [['pow(2, 3)', '8.0']],
      aliases: ['power'],
    },
    (x: number, y: number) => x ** y,
  ),
  define(
    'sign',
    ['numberOrInterval'],
    'double',
    {
      summary: '-1.0, 0.0 or 1.0 by the sign of a number or an interval.',
      usage: 'sign(expr)',
      examples: [['sign(-40)', '-1.0']],
      aliases: ['signum'],
    },
    (x: Long) => Math.sign(Number(x)),
    { nullable: true },
  ),
  real('sin', Math.sin, 'Sine.', ['sin(0)', '0.0']),
  real('cos', Math.cos, 'Cosine.', ['cos(0)', '1.0']),
  real('tan', Math.tan, 'Tangent.', ['tan(0)', '0.0']),
  real('cot', (x) => 1 / Math.tan(x), 'Cotangent.', ['round(cot(1), 4)', '0.6421']),
  real('sec', (x) => 1 / Math.cos(x), 'Secant.', ['sec(0)', '1.0']),
  real('csc', (x) => 1 / Math.sin(x), 'Cosecant.', ['round(csc(1), 4)', '1.1884']),
  real('asin', Math.asin, 'Arc sine.', ['asin(0)', '0.0']),
  real('acos', Math.acos, 'Arc cosine.', ['acos(1)', '0.0']),
  real('atan', Math.atan, 'Arc tangent.', ['atan(0)', '0.0']),
  define(
    'atan2',
    ['double', 'double'],
    'double',
    { summary: 'The angle of the point (x, y).', usage: 'atan2(y, x)', examples: [['atan2(0, 0)', '0.0']] },
    (y: number, x: number) => Math.atan2(y + 0, x + 0),
  ),
  define(
    'hypot',
    ['double', 'double'],
    'double',
    { summary: 'sqrt(a * a + b * b).', usage: 'hypot(a, b)', examples: [['hypot(3, 4)', '5.0']] },
    hypot,
  ),
  real('sinh', Math.sinh, 'Hyperbolic sine.', ['sinh(0)', '0.0']),
  real('cosh', Math.cosh, 'Hyperbolic cosine.', ['cosh(0)', '1.0']),
  real('tanh', Math.tanh, 'Hyperbolic tangent.', ['tanh(0)', '0.0']),
  real('asinh', asinh, 'Inverse hyperbolic sine.', ['asinh(0)', '0.0']),
  real('acosh', acosh, 'Inverse hyperbolic cosine.', ['acosh(1)', '0.0']),
  real('atanh', Math.atanh, 'Inverse hyperbolic tangent.', ['atanh(0)', '0.0']),
  real('degrees', (x) => x * degree, 'Radians as degrees.', ['degrees(pi())', '180.0']),
  real('radians', (x) => x * radian, 'Degrees as radians.', ['radians(180)', '3.141592653589793']),
  real('rint', (x) => roundToEven(x), 'The nearest whole number, half to even, as a double.', [
    'rint(12.3456)',
    '12.0',
  ]),
  define(
    'pi',
    [],
    'double',
    { summary: 'Pi.', usage: 'pi()', examples: [['pi()', '3.141592653589793']] },
    () => Math.PI,
  ),
  define(
    'e',
    [],
    'double',
    { summary: "Euler's number.", usage: 'e()', examples: [['e()', '2.718281828459045']] },
    () => Math.E,
  ),
  define(
    'factorial',
    ['int'],
    'bigint',
    {
      summary: 'The factorial of 0 to 20, null of others.',
      usage: 'factorial(expr)',
      examples: [['factorial(5)', '120']],
    },
    factorial,
    { nullable: true },
  ),
  define(
    'bin',
    ['bigint'],
    'string',
    { summary: 'The bits of a number.', usage: 'bin(expr)', examples: [['bin(13)', '1101']] },
    (value: Long) => BigInt.asUintN(64, BigInt(value)).toString(2),
  ),
  define(
    'conv',
    ['string', 'int', 'int'],
    'string',
    {
      summary: 'A number from one base in another.',
      usage: 'conv(num, from, to)',
      examples: [
        ["conv('100', 2, 10)", '4'],
        ['conv(-10, 16, -10)', '-16'],
      ],
    },
    { bind: ({ ansi }) => convert(ansi) },
    { nullable: true },
  ),
  sameKinds(
    define(
      'width_bucket',
      ['numberOrInterval', 'numberOrInterval', 'numberOrInterval', 'bigint'],
      'bigint',
      {
        summary: 'The number of the bucket of equal width that a value falls into.',
        usage: 'width_bucket(value, min, max, count)',
        examples: [['width_bucket(5.3, 0.2, 10.6, 5)', '3']],
      },
      widthBucket,
      { nullable: true },
    ),
  ),
  shift(
    'shiftleft',
    '<<',
    [],
    (a, n) => a << n,
    (a, n) => a << n,
    ['shiftleft(2, 1)', '4'],
  ),
  shift(
    'shiftright',
    '>>',
    [],
    (a, n) => a >> n,
    (a, n) => a >> n,
    ['shiftright(4, 1)', '2'],
  ),
  shift(
    'shiftrightunsigned',
    '>>>',
    [],
    (a, n) => (a >>> n) | 0,
    (a, n) => BigInt.asUintN(64, a) >> n,
    ['shiftrightunsigned(4, 1)', '2'],
  ),
  define(
    'bit_count',
    ['integralOrBoolean'],
    'int',
    { summary: 'How many bits are set.', usage: 'bit_count(expr)', examples: [['bit_count(7)', '3']] },
    bitCount,
  ),
  {
    ...define(
      'getbit',
      ['wholeNumber', 'int'],
      'tinyint',
      {
        summary: 'The bit at a position, from the right.',
        usage: 'getbit(expr, pos)',
        examples: [['getbit(11, 0)', '1']],
        aliases: ['bit_get'],
      },
      () => null,
    ),
    body: {
      kind: 'scalar',
      bind({ args }) {
        const bits = integerBits[args[0]?.type.kind ?? 'bigint'] ?? 64;
        return {
          evaluate(value: Long, position: number): InternalValue {
            if (position < 0 || position >= bits)
              raise('INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE', { functionName: 'getbit', upper: bits, position });
            return Number((BigInt.asUintN(64, BigInt(value)) >> BigInt(position)) & 1n);
          },
        };
      },
    },
  },
  ...bitmapFunctions,
  ...randomFunctions,
  ...randomRangeFunctions,
];

function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
