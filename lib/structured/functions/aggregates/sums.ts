import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { addLong, divideRounded, isInLongRange, toLong, wrapLong } from '../../types/long.ts';
import { atomic, decimalType, isIntegral } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';

const maxPrecision = 38;

/** Whole numbers add up to bigint, decimals get ten more digits, the rest is double; intervals stay what they are. */
function sumType([type]: readonly DataType[]): DataType {
  if (type === undefined) return atomic('double');
  if (type.kind === 'decimal') return decimalType(Math.min(maxPrecision, type.precision + 10), type.scale);
  if (type.kind === 'interval day to second' || type.kind === 'interval year to month') return type;
  return atomic(isIntegral(type) ? 'bigint' : 'double');
}

/** Adds with the overflow rule of the sum's type. */
function adder(type: DataType, overflow: 'fail' | 'null' | 'wrap'): (a: Long, b: Long) => Long | null {
  if (type.kind === 'decimal') {
    const limit = 10n ** BigInt(type.precision);
    return (a, b) => {
      const sum = addLong(a, b);
      if (
        typeof sum === 'number'
          ? type.precision >= 16 || Math.abs(sum) < 10 ** type.precision
          : sum < limit && sum > -limit
      ) {
        return sum;
      }
      return overflow === 'fail' ? overflowed('decimal') : null;
    };
  }
  return (a, b) => {
    const sum = addLong(a, b);
    if (isInLongRange(sum)) return sum;
    if (overflow === 'wrap') return wrapLong(sum);
    return overflow === 'fail' ? overflowed('long') : null;
  };
}

function overflowed(kind: string): never {
  return raise('ARITHMETIC_OVERFLOW', { what: `${kind} overflow in sum`, mend: 'Use try_sum to get null instead' });
}

/** Buffer: the sum, null before the first value. An overflow that gives null is kept as `true` behind it. */
function sum(site: BindSite, onOverflow: 'fail' | 'null' | 'wrap'): AggregateFunction {
  const { type } = site;
  if (type.kind === 'double') {
    return {
      size: 1,
      initial: () => [null],
      update(buffer, at, value) {
        if (value !== null)
          buffer[at] = buffer[at] === null ? (value as number) : (buffer[at] as number) + (value as number);
      },
      merge(buffer, at, other, otherAt) {
        const value = other[otherAt] as number | null;
        if (value !== null) buffer[at] = buffer[at] === null ? value : (buffer[at] as number) + value;
      },
      result: (buffer, at) => buffer[at] as InternalValue,
      generateUpdate: (buffer, at, [value]) =>
        `if (${value} !== null) ${buffer}[${at}] = ${buffer}[${at}] === null ? ${value} : ${buffer}[${at}] + ${value};`,
    };
  }
  const add = adder(type, onOverflow);
  const put = (buffer: InternalValue[], at: number, value: Long): void => {
    if (buffer[at + 1] === true) return;
    const before = buffer[at] as Long | null;
    const next = before === null ? value : add(before, value);
    if (next === null) buffer[at + 1] = true;
    buffer[at] = next;
  };
  return {
    size: 2,
    initial: () => [null, false],
    update(buffer, at, value) {
      if (value !== null) put(buffer, at, value as Long);
    },
    merge(buffer, at, other, otherAt) {
      if (other[otherAt + 1] === true) {
        buffer[at] = null;
        buffer[at + 1] = true;
      } else if (other[otherAt] !== null) put(buffer, at, other[otherAt] as Long);
    },
    result: (buffer, at) => buffer[at] as InternalValue,
  };
}

/** The type of an average: four more digits for decimals, intervals stay, the rest is double. */
function averageType([type]: readonly DataType[]): DataType {
  if (type?.kind === 'decimal') return boundedDecimal(type.precision + 4, type.scale + 4);
  if (type?.kind === 'interval day to second' || type?.kind === 'interval year to month') return type;
  return atomic('double');
}

function boundedDecimal(precision: number, scale: number): DataType {
  return decimalType(Math.min(maxPrecision, precision), Math.min(maxPrecision, scale));
}

/** Buffer: sum and count. Whole numbers are added as doubles, as Spark does; decimals and intervals exactly. */
function average(site: BindSite, isTry: boolean): AggregateFunction {
  const argument = site.args[0]?.type ?? atomic('double');
  if (site.type.kind === 'double') return averageOfDoubles;
  const sums = sum({ ...site, type: sumType([argument]) }, site.ansi && !isTry ? 'fail' : 'null');
  const scaleUp =
    site.type.kind === 'decimal' && argument.kind === 'decimal' ? 10n ** BigInt(site.type.scale - argument.scale) : 1n;
  return {
    size: sums.size + 1,
    initial: () => [...sums.initial(), 0],
    update(buffer, at, value) {
      if (value === null) return;
      sums.update(buffer, at, value);
      buffer[at + sums.size] = (buffer[at + sums.size] as number) + 1;
    },
    merge(buffer, at, other, otherAt) {
      sums.merge(buffer, at, other, otherAt);
      buffer[at + sums.size] = (buffer[at + sums.size] as number) + (other[otherAt + sums.size] as number);
    },
    result(buffer, at) {
      const total = buffer[at] as Long | null;
      const count = buffer[at + sums.size] as number;
      return total === null || count === 0 ? null : toLong(divideRounded(BigInt(total) * scaleUp, BigInt(count)));
    },
  };
}

const averageOfDoubles: AggregateFunction = {
  size: 2,
  initial: () => [0, 0],
  update(buffer, at, value) {
    if (value === null) return;
    buffer[at] = (buffer[at] as number) + (value as number);
    buffer[at + 1] = (buffer[at + 1] as number) + 1;
  },
  merge(buffer, at, other, otherAt) {
    buffer[at] = (buffer[at] as number) + (other[otherAt] as number);
    buffer[at + 1] = (buffer[at + 1] as number) + (other[otherAt + 1] as number);
  },
  result: (buffer, at) => (buffer[at + 1] === 0 ? null : (buffer[at] as number) / (buffer[at + 1] as number)),
  generateUpdate: (buffer, at, [value]) =>
    `if (${value} !== null) { ${buffer}[${at}] += ${value}; ${buffer}[${at + 1}]++; }`,
};

/** What a sum's argument is cast to first: whole numbers as they are, decimals too, the rest double. */
function sumArguments(name: string) {
  return (args: readonly TypedExpression[], site: Parameters<ReturnType<typeof takes>>[1]) => {
    const signature = takes(name, ['numericOrInterval'], sumType, { nullable: true })(args, site);
    return { ...signature, args: signature.args.map((type) => (type.kind === 'float' ? atomic('double') : type)) };
  };
}

function averageArguments(name: string) {
  return (args: readonly TypedExpression[], site: Parameters<ReturnType<typeof takes>>[1]) => {
    const signature = takes(name, ['numericOrInterval'], averageType, { nullable: true })(args, site);
    return {
      ...signature,
      args: signature.args.map((type) => (signature.type.kind === 'double' ? atomic('double') : type)),
    };
  };
}

/** Sums and averages. */
export const sumFunctions: readonly FunctionDefinition[] = [
  {
    name: 'sum',
    group: 'aggregate',
    summary: 'The sum of the values; null when there is none.',
    usage: 'sum(expr)',
    examples: [
      ['sum(x) FROM VALUES 5, 10, 15', '30'],
      ['sum(x) FROM VALUES CAST(NULL AS INT)', 'NULL'],
    ],
    resolve: sumArguments('sum'),
    body: { kind: 'aggregate', bind: (site) => sum(site, sumOverflow(site)) },
  },
  {
    name: 'try_sum',
    group: 'aggregate',
    summary: 'The sum of the values; null when it does not fit its type.',
    usage: 'try_sum(expr)',
    examples: [['try_sum(x) FROM VALUES 9223372036854775807L, 1L', 'NULL']],
    resolve: sumArguments('try_sum'),
    body: { kind: 'aggregate', bind: (site) => sum(site, 'null') },
  },
  {
    name: 'avg',
    aliases: ['mean'],
    group: 'aggregate',
    summary: 'The mean of the values; null when there is none.',
    usage: 'avg(expr)',
    examples: [['avg(x) FROM VALUES 1, 2, NULL', '1.5']],
    resolve: averageArguments('avg'),
    body: { kind: 'aggregate', bind: (site) => average(site, false) },
  },
  {
    name: 'try_avg',
    group: 'aggregate',
    summary: 'The mean of the values; null when the sum does not fit its type.',
    usage: 'try_avg(expr)',
    examples: [['try_avg(x) FROM VALUES 1, 2, 3', '2.0']],
    resolve: averageArguments('try_avg'),
    body: { kind: 'aggregate', bind: (site) => average(site, true) },
  },
  {
    name: 'product',
    group: 'aggregate',
    summary: 'The product of the values as a double; null when there is none. A function of PySpark only.',
    usage: 'product(expr)',
    examples: [['product(x) FROM VALUES 2, 3, 4', '24.0']],
    resolve: takes('product', ['double'], 'double', { nullable: true }),
    body: { kind: 'aggregate', bind: () => product },
  },
];

/** Buffer: the product, null before the first value. */
const product: AggregateFunction = {
  size: 1,
  initial: () => [null],
  update(buffer, at, value) {
    if (value !== null) buffer[at] = ((buffer[at] as number | null) ?? 1) * (value as number);
  },
  merge(buffer, at, other, otherAt) {
    const value = other[otherAt] as number | null;
    if (value !== null) buffer[at] = ((buffer[at] as number | null) ?? 1) * value;
  },
  result: (buffer, at) => buffer[at] as InternalValue,
};

function sumOverflow({ ansi, type }: BindSite): 'fail' | 'null' | 'wrap' {
  if (ansi) return 'fail';
  return type.kind === 'decimal' ? 'null' : 'wrap';
}
