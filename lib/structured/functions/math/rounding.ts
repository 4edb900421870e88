import { raise } from '../../../kernel/errors.ts';
import type { DataType, Long } from '../../types/data-type.ts';
import { powerOfTen } from '../../types/decimal.ts';
import { divideRounded, isInLongRange, toLong, wrapLong } from '../../types/long.ts';
import { atomic, decimalType, isIntegral } from '../../types/type-classes.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';

type Rounding = 'halfUp' | 'halfEven' | 'ceil' | 'floor';

/** `value / divisor` rounded; the divisor is positive. */
function divide(value: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (rounding === 'halfUp') return divideRounded(value, divisor);
  const quotient = value / divisor;
  const rest = value % divisor;
  if (rest === 0n) return quotient;
  if (rounding === 'ceil') return rest > 0n ? quotient + 1n : quotient;
  if (rounding === 'floor') return rest < 0n ? quotient - 1n : quotient;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return isUp ? quotient + (value < 0n ? -1n : 1n) : quotient;
}

/** The decimal digits of a double, as its shortest text has them. */
function digitsOf(value: number): { readonly unscaled: bigint; readonly scale: number } {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { unscaled: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
}

function roundDouble(value: number, places: number, rounding: Rounding): number {
  if (!Number.isFinite(value)) return value;
  const { unscaled, scale } = digitsOf(value);
  if (scale <= places) return value;
  const rounded = divide(unscaled, powerOfTen(scale - places), rounding);
  // No -0: BigDecimal has none.
  return Number(`${rounded}e${-places}`);
}

const widths: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 };

function roundWhole(value: Long, places: number, rounding: Rounding, kind: string, ansi: boolean): Long {
  if (places >= 0) return value;
  const unit = powerOfTen(-places);
  const rounded = divide(BigInt(value), unit, rounding) * unit;
  const bits = widths[kind] ?? 64;
  const wrapped = BigInt.asIntN(bits, rounded);
  if (wrapped !== rounded && ansi)
    raise('ARITHMETIC_OVERFLOW', { what: 'overflow in round', mend: 'Use a wider type' });
  return toLong(wrapped);
}

/** The type of a rounded decimal: the digits that are left, and one more for the carry. */
function decimalResult(type: DataType & { kind: 'decimal' }, places: number): DataType {
  const whole = type.precision - type.scale + 1;
  if (places < 0) return decimalType(Math.min(38, Math.max(whole, -places + 1)), 0);
  const scale = Math.min(type.scale, places);
  return decimalType(Math.min(38, whole + scale), scale);
}

function rounding(
  name: string,
  how: Rounding,
  examples: FunctionDefinition['examples'],
  summary: string,
  aliases: readonly string[] = [],
): FunctionDefinition {
  const isEdge = how === 'ceil' || how === 'floor';
  const placesOf = (args: Parameters<FunctionDefinition['resolve']>[0]): number =>
    Number(constantOf(name, args, 1) ?? 0);
  return {
    name,
    aliases,
    group: 'math',
    summary,
    usage: `${name}(expr[, scale])`,
    examples,
    resolve(args, site) {
      if (isEdge && args.length > 1 && constantOf(name, args, 1) === null)
        raise('NON_FOLDABLE_ARGUMENT', { funcName: name, paramName: 'scale', paramType: 'INT' });
      const isText = isEdge && args.length > 1 && args[0]?.type.kind === 'string';
      const signature = takes(name, ['numeric', 'int?'], (types) => {
        const type = isText ? textDecimal : (types[0] ?? atomic('double'));
        if (isEdge && args.length === 1) {
          if (type.kind === 'decimal') return decimalType(Math.min(38, type.precision - type.scale + 1), 0);
          return atomic('bigint');
        }
        if (type.kind === 'decimal') return decimalResult(type, placesOf(args));
        // With a scale, ceil and floor are exact: whole numbers and doubles become decimals.
        return isEdge ? decimalResult(asDecimal(type), placesOf(args)) : type;
      })(args, site);
      const [first, ...rest] = isText ? [textDecimal, ...signature.args.slice(1)] : signature.args;
      const edged =
        isEdge && first !== undefined && args.length > 1 && first.kind !== 'decimal' ? asDecimal(first) : first;
      return { ...signature, args: edged === undefined ? rest : [edged, ...rest] };
    },
    body: {
      kind: 'scalar',
      bind({ args, ansi, type }) {
        const given = args[0]?.type ?? atomic('double');
        const places = args.length > 1 ? placesOf(args) : 0;
        if (given.kind === 'decimal') {
          const scale = type.kind === 'decimal' ? type.scale : 0;
          const least = Math.min(places, given.scale);
          return {
            evaluate(value: Long) {
              const rounded = divide(BigInt(value), powerOfTen(given.scale - least), how);
              return toLong(least < 0 ? rounded * powerOfTen(-least) : rounded * powerOfTen(scale - least));
            },
          };
        }
        if (isEdge) {
          if (isIntegral(given)) return { evaluate: (value: Long) => value };
          return { evaluate: (value: number) => saturated(how === 'ceil' ? Math.ceil(value) : Math.floor(value)) };
        }
        if (isIntegral(given)) return { evaluate: (value: Long) => roundWhole(value, places, how, given.kind, ansi) };
        if (given.kind === 'float')
          return { evaluate: (value: number) => Math.fround(roundDouble(value, places, how)) };
        return { evaluate: (value: number) => roundDouble(value, places, how) };
      },
    },
  };
}

/** What a text is made to be rounded to a scale. */
const textDecimal = decimalType(38, 18);

function asDecimal(type: DataType): DataType & { kind: 'decimal' } {
  const digits: Readonly<Record<string, readonly [number, number]>> = {
    tinyint: [3, 0],
    smallint: [5, 0],
    int: [10, 0],
    bigint: [20, 0],
    float: [14, 7],
    double: [30, 15],
  };
  const [precision, scale] = digits[type.kind] ?? [38, 18];
  return type.kind === 'decimal' ? type : decimalType(precision, scale);
}

/** A double as a 64-bit integer: what is beyond becomes the bound, NaN 0. */
function saturated(value: number): Long {
  if (Number.isNaN(value)) return 0;
  if (Number.isSafeInteger(value)) return value + 0;
  if (!Number.isFinite(value)) return toLong(value > 0 ? 2n ** 63n - 1n : -(2n ** 63n));
  const exact = toLong(BigInt(value));
  if (isInLongRange(exact)) return exact;
  return wrapLong(value > 0 ? 2n ** 63n - 1n : -(2n ** 63n));
}

export const roundingFunctions: readonly FunctionDefinition[] = [
  rounding(
    'round',
    'halfUp',
    [
      ['round(2.5, 0)', '3'],
      ['round(25, -1)', '30'],
    ],
    'Rounds half away from zero.',
  ),
  rounding(
    'bround',
    'halfEven',
    [
      ['bround(2.5, 0)', '2'],
      ['bround(25, -1)', '20'],
    ],
    'Rounds half to even.',
  ),
  rounding(
    'ceil',
    'ceil',
    [
      ['ceil(-0.1)', '0'],
      ['ceil(3.1411, 3)', '3.142'],
    ],
    'The least whole number that is not below the value.',
    ['ceiling'],
  ),
  rounding(
    'floor',
    'floor',
    [
      ['floor(-0.1)', '-1'],
      ['floor(3.1411, 3)', '3.141'],
    ],
    'The greatest whole number that is not above the value.',
  ),
];
