import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { collectList } from './collections.ts';
import { orderingOf, requireOrdering } from './within-group.ts';

type Pick = (sorted: readonly number[], fraction: number) => number;

/** Between the two nearest values, by the distance to each. */
const interpolated: Pick = (sorted, fraction) => {
  const position = (sorted.length - 1) * fraction;
  const lower = Math.floor(position);
  const higher = Math.ceil(position);
  const [low, high] = [sorted[lower] as number, sorted[higher] as number];
  return lower === higher || low === high ? low : (higher - position) * low + (position - lower) * high;
};

/** The first value up to which there is that part of the rows. */
const discrete: Pick = (sorted, fraction) => sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] as number;

/** Percentiles of all values, which the buffer holds. */
function percentile(
  { type }: Pick2<BindSite>,
  { fractions, isMany }: Fractions,
  { pick, isDescending = false }: { readonly pick: Pick; readonly isDescending?: boolean },
): AggregateFunction {
  const element = type.kind === 'array' ? type.element : type;
  const whole = element.kind !== 'double';
  return {
    ...collectList,
    update(buffer, at, value, _fraction, frequency) {
      if (value === null) return;
      const times = frequency === undefined ? 1 : Number(frequency ?? 0);
      if (times < 0) raise('NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION', { frequency: times });
      for (let i = 0; i < times; i++) (buffer[at] as InternalValue[]).push(value);
    },
    result(buffer, at) {
      const ascending = Float64Array.from((buffer[at] as Long[]).map(Number)).toSorted();
      if (ascending.length === 0) return null;
      const sorted = Array.from(isDescending ? ascending.toReversed() : ascending);
      const results = fractions.map((fraction) => {
        const value = pick(sorted, fraction);
        return whole ? Math.trunc(value) : value;
      });
      return isMany ? results : (results[0] as number);
    },
  };
}

type Pick2<T extends { readonly type: DataType }> = { readonly [K in 'type']: T[K] };

interface Fractions {
  readonly fractions: readonly number[];
  readonly isMany: boolean;
}

/** The constant fractions of a call, each from 0 to 1. */
function fractionsOf(name: string, { args }: { readonly args: readonly TypedExpression[] }, index = 1): Fractions {
  const value = constantOf(name, args, index);
  if (value === null) raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: name });
  const isMany = Array.isArray(value);
  const given = args[index]?.type;
  const element = given?.kind === 'array' ? given.element : given;
  const scale = element?.kind === 'decimal' ? 10 ** element.scale : 1;
  const fractions = (isMany ? (value as unknown[]) : [value]).map((each) => Number(each) / scale);
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= 1)) {
      raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
        position: index === 0 ? 'first' : 'second',
        function: name,
        range: 'between 0.0 and 1.0',
        actual: fraction,
      });
    }
  }
  return { fractions, isMany };
}

/** What can be said of the fractions before constants are computed: `array(0.1, 0.9)` is a call yet. */
function checkFractions(name: string, args: readonly TypedExpression[], index: number): void {
  let arg = args[index];
  while (arg?.kind === 'cast') arg = arg.child;
  if (arg?.kind === 'literal' || arg?.kind === 'attribute') fractionsOf(name, { args }, index);
}

/** Intervals stay what they are, all else is computed in double. */
function valueType(arg: TypedExpression | undefined): DataType {
  const type = arg?.type ?? atomic('double');
  return type.kind === 'interval day to second' || type.kind === 'interval year to month' ? type : atomic('double');
}

function resolvePercentile(name: string, value: number, fraction: number): FunctionDefinition['resolve'] {
  return (args, site) => {
    const type = valueType(args[value]);
    const many = args[fraction]?.type.kind === 'array';
    const wanted = type.kind === 'double' ? 'double' : 'any';
    const parameters = value === 0 ? ([wanted, 'any', 'bigint?'] as const) : (['any', wanted] as const);
    const returns = many ? arrayType(type, false) : type;
    return takes(name, parameters, returns, { nullable: true })(args, site);
  };
}

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY v)`: the fraction, then what is ordered. */
function withinGroup(name: string, summary: string, pick: Pick, result: string): FunctionDefinition {
  const resolve = resolvePercentile(name, 1, 0);
  return {
    name,
    group: 'aggregate',
    summary,
    usage: `${name}(fraction) WITHIN GROUP (ORDER BY expr)`,
    examples: [[`${name}(0.3) WITHIN GROUP (ORDER BY x) FROM VALUES 0, 10`, result]],
    resolve(args, site) {
      requireOrdering(name, args, site, { plain: 1, orderings: 1 });
      if (site.options?.['distinct'] === 'true') {
        raise('INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED', { funcName: name });
      }
      checkFractions(name, args, 0);
      return resolve(args, site);
    },
    body: {
      kind: 'aggregate',
      bind(site) {
        const isDescending = orderingOf(site)[0]?.ascending === false;
        const made = percentile(site, fractionsOf(name, site, 0), { pick, isDescending });
        return { ...made, update: (buffer, at, _fraction, value) => made.update(buffer, at, value ?? null, null) };
      },
    },
  };
}

/** Exact percentiles: their state grows with the values. */
export const percentileAggregates: readonly FunctionDefinition[] = [
  {
    name: 'percentile',
    group: 'aggregate',
    summary: 'The exact percentile, interpolated between the two nearest values.',
    usage: 'percentile(expr, fraction[, frequency])',
    examples: [['percentile(x, 0.3) FROM VALUES 0, 10', '3.0']],
    resolve(args, site) {
      const signature = resolvePercentile('percentile', 0, 1)(args, site);
      checkFractions('percentile', args, 1);
      return signature;
    },
    body: {
      kind: 'aggregate',
      bind: (site) => percentile(site, fractionsOf('percentile', site), { pick: interpolated }),
    },
  },
  {
    name: 'median',
    group: 'aggregate',
    summary: 'The exact median.',
    usage: 'median(expr)',
    examples: [['median(x) FROM VALUES 0, 10', '5.0']],
    resolve(args, site) {
      const type = valueType(args[0]);
      return takes('median', [type.kind === 'double' ? 'double' : 'any'], type, { nullable: true })(args, site);
    },
    body: {
      kind: 'aggregate',
      bind: (site) => percentile(site, { fractions: [0.5], isMany: false }, { pick: interpolated }),
    },
  },
  withinGroup('percentile_cont', 'The percentile, interpolated between the two nearest values.', interpolated, '3.0'),
  withinGroup('percentile_disc', 'The first value up to which there is that part of the rows.', discrete, '0.0'),
];
