import { raise } from '../../../kernel/errors.ts';
import type { DataType, Long } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { xxHash64Of } from '../hashes/value-hash.ts';
import { constantOf, takes } from '../signatures.ts';
import { biasTable } from './hll-bias.ts';
import { QuantileSketch } from './quantile-sketch.ts';

/** Up to these estimates linear counting is more exact, by address bits from 4. */
const linearThresholds = [10, 20, 40, 80, 220, 400, 900, 1800, 3100, 6500, 15500, 20000, 50000, 120000, 350000];
const interpolationPoints = 6;

/** HyperLogLog++ over xxHash64 (seed 42), as Spark's `approx_count_distinct`: equal to the last digit. Buffer: one byte a register. */
function approxCountDistinct({ args }: BindSite): AggregateFunction {
  const error = args.length > 1 ? decimalConstant('approx_count_distinct', args, 1) : 0.05;
  const bits = Math.ceil((2 * Math.log(1.106 / error)) / Math.log(2));
  if (!(bits >= 4 && bits <= 24)) {
    raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
      position: 'second',
      function: 'approx_count_distinct',
      range: 'between 0.0003 and 0.39',
      actual: error,
    });
  }
  const registers = 2 ** bits;
  const hash = xxHash64Of(args[0]?.type ?? atomic('void'));
  const shift = BigInt(64 - bits);
  const wide = BigInt(bits);
  const padding = 1n << BigInt(bits - 1);
  return {
    size: 1,
    initial: () => [new Uint8Array(registers)],
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      const x = hash(value, 42n);
      const index = Number(x >> shift);
      const rank = leadingZeros(BigInt.asUintN(64, x << wide) | padding) + 1;
      const held = buffer[at] as Uint8Array;
      if (rank > (held[index] as number)) held[index] = rank;
    },
    merge(buffer, at, other, otherAt) {
      const held = buffer[at] as Uint8Array;
      const more = other[otherAt] as Uint8Array;
      for (let i = 0; i < held.length; i++) if ((more[i] as number) > (held[i] as number)) held[i] = more[i] as number;
    },
    result: (buffer, at) => estimate(buffer[at] as Uint8Array, bits),
  };
}

function leadingZeros(value: bigint): number {
  const high = Number(value >> 32n);
  return high === 0 ? 32 + Math.clz32(Number(value & 0xffffffffn)) : Math.clz32(high);
}

function estimate(registers: Uint8Array, bits: number): number {
  const m = registers.length;
  let inverse = 0;
  let zeros = 0;
  for (const register of registers) {
    inverse += 1 / 2 ** register;
    if (register === 0) zeros++;
  }
  const raw = (alpha(bits, m) * m * m) / inverse;
  const corrected = (): number => (bits < 19 && raw < 5 * m ? raw - bias(raw, bits) : raw);
  if (zeros === 0) return Math.round(corrected());
  const linear = m * Math.log(m / zeros);
  const isSmall = (bits < 19 && linear <= (linearThresholds[bits - 4] as number)) || raw <= 2.5 * m;
  return Math.round(isSmall ? linear : corrected());
}

function alpha(bits: number, m: number): number {
  const known: Readonly<Record<number, number>> = { 4: 0.673, 5: 0.697, 6: 0.709 };
  return known[bits] ?? 0.7213 / (1 + 1.079 / m);
}

/** The mean bias of the six measured estimates that are nearest. */
function bias(raw: number, bits: number): number {
  const { estimates, biases } = biasTable(bits);
  let nearest = estimates.findIndex((each) => each >= raw);
  if (nearest < 0) nearest = estimates.length;
  const distance = (index: number): number => (raw - (estimates[index] as number)) ** 2;
  let low = Math.max(nearest - interpolationPoints + 1, 0);
  let high = Math.min(low + interpolationPoints, estimates.length);
  while (high < estimates.length && distance(high) < distance(low)) {
    low++;
    high++;
  }
  let sum = 0;
  for (let i = low; i < high; i++) sum += biases[i] as number;
  return sum / (high - low);
}

/** A constant number, whatever its type. */
function decimalConstant(name: string, args: BindSite['args'], index: number): number {
  const value = constantOf(name, args, index);
  let arg = args[index];
  while (arg?.kind === 'cast') arg = arg.child;
  return Number(value) / (arg?.type.kind === 'decimal' ? 10 ** arg.type.scale : 1);
}

function approxPercentile(site: BindSite): AggregateFunction {
  const given = site.args[1]?.type;
  const isMany = given?.kind === 'array';
  const element = given?.kind === 'array' ? given.element : given;
  const scale = element?.kind === 'decimal' ? 10 ** element.scale : 1;
  const value = constantOf('percentile_approx', site.args, 1);
  const fractions = (isMany ? (value as readonly Long[]) : [value as Long]).map((each) => Number(each) / scale);
  const accuracy = site.args.length > 2 ? Number(constantOf('percentile_approx', site.args, 2)) : 10_000;
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= 1)) {
      raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
        position: 'second',
        function: 'percentile_approx',
        range: 'between 0.0 and 1.0',
        actual: fraction,
      });
    }
  }
  if (!(accuracy > 0)) {
    raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
      position: 'third',
      function: 'percentile_approx',
      range: 'a positive number',
      actual: accuracy,
    });
  }
  const error = 1 / accuracy;
  return {
    size: QuantileSketch.size,
    initial: () => QuantileSketch.initial(),
    update(buffer, at, each) {
      if (each !== null && each !== undefined) new QuantileSketch(buffer, at, error).insert(Number(each));
    },
    merge(buffer, at, other, otherAt) {
      new QuantileSketch(buffer, at, error).merge(new QuantileSketch([...other], otherAt, error));
    },
    result(buffer, at) {
      // The buffer goes on being used: a copy is compressed.
      const results = new QuantileSketch(buffer.slice(at, at + QuantileSketch.size), 0, error).query(fractions);
      if (results === undefined) return null;
      return isMany ? results : (results[0] as number);
    },
  };
}

function isTime(arg: BindSite['args'][number] | undefined): boolean {
  return ['date', 'timestamp', 'timestamp_ntz'].includes(arg?.type.kind ?? '');
}

const firstType = (types: readonly DataType[]): DataType => types[0] ?? atomic('double');

export const approximateAggregates: readonly FunctionDefinition[] = [
  {
    name: 'approx_count_distinct',
    group: 'aggregate',
    summary: 'How many distinct values there are, estimated with a relative error (0.05).',
    usage: 'approx_count_distinct(expr[, relativeSD])',
    examples: [['approx_count_distinct(x) FROM VALUES 1, 1, 2, 2, 3', '3']],
    resolve: takes('approx_count_distinct', ['any', 'any?'], 'bigint', { nullable: false }),
    body: { kind: 'aggregate', bind: approxCountDistinct },
  },
  {
    name: 'percentile_approx',
    aliases: ['approx_percentile'],
    group: 'aggregate',
    summary: 'A value at a percentile, with an error of at most 1/accuracy (10000) of the rows.',
    usage: 'percentile_approx(expr, fraction[, accuracy])',
    examples: [['percentile_approx(x, 0.5, 100) FROM VALUES 0, 1, 2, 10', '1']],
    resolve(args, site) {
      const isMany = args[1]?.type.kind === 'array';
      for (const arg of args.slice(1)) {
        if (arg.type.kind === 'void') raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'percentile_approx' });
        if (arg.kind === 'attribute') constantOf('percentile_approx', args, args.indexOf(arg));
      }
      return takes(
        'percentile_approx',
        [isTime(args[0]) ? 'any' : 'numericOrInterval', 'any', 'bigint?'],
        (types) => (isMany ? arrayType(firstType(types), false) : firstType(types)),
        { nullable: true },
      )(args, site);
    },
    body: { kind: 'aggregate', bind: approxPercentile },
  },
];
