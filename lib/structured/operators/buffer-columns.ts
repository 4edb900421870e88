import type { AggregateCall } from '../expressions/typed-expression.ts';
import type { DataType } from '../types/data-type.ts';
import { arrayType, atomic, decimalType, isIntegral } from '../types/type-classes.ts';
import { typeText } from '../types/type-text.ts';
import type { BufferColumn } from './physical-operator.ts';

type Part = readonly [name: string, type: DataType, offset: number, form?: 'isEmpty'];

/**
 * The columns that a reader of state gets for an aggregate's part of the buffer, named and typed as Spark does. What Spark keeps in
 * another form (lists, sketches) has a column of its own kind, or JSON.
 */
export function bufferColumns(call: AggregateCall, at: number, size: number): readonly BufferColumn[] {
  const parts = partsOf(call);
  if (parts !== undefined) {
    return parts.map(([name, type, offset, form]): BufferColumn => ({
      name,
      type: typeText(type),
      at: at + offset,
      form: form ?? 'value',
    }));
  }
  const { name } = call.function;
  return Array.from({ length: size }, (_, i): BufferColumn => ({
    name: size === 1 ? name : `${name}${i}`,
    type: 'string',
    at: at + i,
    form: 'json',
  }));
}

function partsOf({ function: { name }, args, type }: AggregateCall): readonly Part[] | undefined {
  const first = args[0]?.type ?? atomic('void');
  switch (name) {
    case 'count':
    case 'count_if':
      return [['count', atomic('bigint'), 0]];
    case 'sum':
    case 'try_sum':
      return sums(type);
    case 'avg':
    case 'try_avg':
      return averages(first);
    case 'max':
    case 'min':
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return [[name, type, 0]];
    case 'bool_and':
      return [['min', type, 0]];
    case 'bool_or':
      return [['max', type, 0]];
    case 'first':
    case 'last':
    case 'any_value':
      return [
        [name === 'any_value' ? 'first' : name, type, 0],
        ['valueSet', atomic('boolean'), 1],
      ];
    case 'max_by':
    case 'min_by':
      return [
        ['valueWithExtremumOrdering', first, 0],
        ['extremumOrdering', args[1]?.type ?? atomic('void'), 1],
      ];
    case 'hll_sketch_agg':
    case 'hll_union_agg':
    case 'theta_sketch_agg':
    case 'theta_union_agg':
    case 'theta_intersection_agg':
      return [['buf', atomic('binary'), 0]];
    case 'collect_list':
    case 'collect_set':
      return [['buf', arrayType(first), 0]];
    default:
      return moments[name]?.map((part, i): Part => [part, atomic('double'), i]);
  }
}

const second = ['n', 'avg', 'm2'];

/** The moments of which some aggregates are made. */
const moments: Readonly<Record<string, readonly string[]>> = {
  stddev: second,
  stddev_samp: second,
  stddev_pop: second,
  variance: second,
  var_samp: second,
  var_pop: second,
  skewness: [...second, 'm3'],
  kurtosis: [...second, 'm3', 'm4'],
};

function sums(type: DataType): readonly Part[] {
  if (type.kind !== 'decimal') return [['sum', type, 0]];
  return [
    ['sum', type, 0],
    ['isEmpty', atomic('boolean'), 0, 'isEmpty'],
  ];
}

/** Whole numbers are added as doubles; a decimal's sum has ten more digits, and a mark behind it. */
function averages(type: DataType): readonly Part[] {
  const count = atomic('bigint');
  if (type.kind === 'decimal') {
    return [
      ['sum', decimalType(Math.min(38, type.precision + 10), type.scale), 0],
      ['count', count, 2],
    ];
  }
  if (isIntegral(type) || type.kind === 'double' || type.kind === 'float') {
    return [
      ['sum', atomic('double'), 0],
      ['count', count, 1],
    ];
  }
  return [
    ['sum', type, 0],
    ['count', count, 2],
  ];
}
