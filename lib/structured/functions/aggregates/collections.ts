import { raise } from '../../../kernel/errors.ts';
import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import { valueKey } from '../../types/value-key.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';

/** Buffer: the list, changed in place. */
const collectList: AggregateFunction = {
  size: 1,
  initial: () => [[]],
  update(buffer, at, value) {
    if (value !== null) (buffer[at] as InternalValue[]).push(value);
  },
  merge(buffer, at, other, otherAt) {
    const list = buffer[at] as InternalValue[];
    for (const value of other[otherAt] as InternalValue[]) list.push(value);
  },
  result: (buffer, at) => [...(buffer[at] as InternalValue[])],
};

/** Buffer: the distinct values in the order of their first appearance. What is already there is looked up beside the buffer. */
function collectSet({ args }: BindSite): AggregateFunction {
  const keyOf = valueKey(args[0]?.type ?? atomic('void'));
  const seen = new WeakMap<object, Set<unknown>>();
  const put = (list: InternalValue[], value: InternalValue): void => {
    let keys = seen.get(list);
    if (keys === undefined) {
      keys = new Set(list.map(keyOf));
      seen.set(list, keys);
    }
    const key = keyOf(value);
    if (keys.has(key)) return;
    keys.add(key);
    list.push(value);
  };
  return {
    ...collectList,
    update(buffer, at, value) {
      if (value !== null) put(buffer[at] as InternalValue[], value);
    },
    merge(buffer, at, other, otherAt) {
      const list = buffer[at] as InternalValue[];
      for (const value of other[otherAt] as InternalValue[]) put(list, value);
    },
  };
}

/** Exact percentiles with interpolation. The buffer holds all values. */
function percentile(fractions: readonly number[], isMany: boolean): AggregateFunction {
  return {
    ...collectList,
    update(buffer, at, value, _fraction, frequency) {
      if (value === null) return;
      const times = frequency === undefined ? 1 : Number(frequency ?? 0);
      for (let i = 0; i < times; i++) (buffer[at] as InternalValue[]).push(value);
    },
    result(buffer, at) {
      const sorted = Float64Array.from((buffer[at] as Long[]).map(Number)).toSorted();
      if (sorted.length === 0) return null;
      const results = fractions.map((fraction) => interpolated(sorted, fraction));
      return isMany ? results : (results[0] as number);
    },
  };
}

function interpolated(sorted: Float64Array, fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const lower = Math.floor(position);
  const higher = Math.ceil(position);
  const [low, high] = [sorted[lower] as number, sorted[higher] as number];
  return lower === higher || low === high ? low : (higher - position) * low + (position - lower) * high;
}

function fractionsOf(
  name: string,
  { args }: Pick<BindSite, 'args'>,
): { fractions: readonly number[]; isMany: boolean } {
  const value = constantOf(name, args, 1);
  const isMany = Array.isArray(value);
  const given = args[1]?.type;
  const element = given?.kind === 'array' ? given.element : given;
  const scale = element?.kind === 'decimal' ? 10 ** element.scale : 1;
  const fractions = (isMany ? (value as unknown[]) : [value]).map((each) => Number(each) / scale);
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= 1)) {
      raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
        position: 'second',
        function: name,
        range: 'between 0.0 and 1.0',
        actual: fraction,
      });
    }
  }
  return { fractions, isMany };
}

function percentileResolve(name: string) {
  return (args: Parameters<FunctionDefinition['resolve']>[0], site: Parameters<FunctionDefinition['resolve']>[1]) => {
    const isMany = args[1]?.type.kind === 'array';
    const many = arrayType(atomic('double'), false);
    const signature = takes(name, ['double', 'any', 'bigint?'], isMany ? many : 'double', { nullable: true })(
      args,
      site,
    );
    return signature;
  };
}

/** The most frequent value. Buffer: values and counts; the earliest of the most frequent wins. */
function mode({ args }: BindSite): AggregateFunction {
  const keyOf = valueKey(args[0]?.type ?? atomic('void'));
  return {
    ...collectList,
    result(buffer, at) {
      const counts = new Map<unknown, { value: InternalValue; count: number }>();
      let best: { value: InternalValue; count: number } | undefined;
      for (const value of buffer[at] as InternalValue[]) {
        const key = keyOf(value);
        const entry = counts.get(key) ?? { value, count: 0 };
        entry.count++;
        counts.set(key, entry);
      }
      for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
      return best?.value ?? null;
    },
  };
}

function listagg(site: BindSite): AggregateFunction {
  const delimiter = site.args.length > 1 ? ((constantOf('listagg', site.args, 1) as string | null) ?? '') : '';
  return {
    ...collectList,
    result(buffer, at) {
      const texts = buffer[at] as string[];
      return texts.length === 0 ? null : texts.join(delimiter);
    },
  };
}

const listOfFirst = (types: readonly DataType[]): DataType => arrayType(types[0] ?? atomic('void'), false);

/** Lists, sets, exact percentiles, mode, joined text: their state grows with the values. */
export const collectionAggregates: readonly FunctionDefinition[] = [
  {
    name: 'collect_list',
    aliases: ['array_agg'],
    group: 'aggregate',
    summary: 'All values that are no null, in the order in which they came.',
    usage: 'collect_list(expr)',
    examples: [['collect_list(x) FROM VALUES 1, 2, 1', '[1, 2, 1]']],
    resolve: takes('collect_list', ['any'], listOfFirst, { nullable: false }),
    body: { kind: 'aggregate', bind: () => collectList },
  },
  {
    name: 'collect_set',
    group: 'aggregate',
    summary: 'The distinct values that are no null.',
    usage: 'collect_set(expr)',
    examples: [['collect_set(x) FROM VALUES 1, 2, 1', '[1, 2]']],
    resolve: takes('collect_set', ['any'], listOfFirst, { nullable: false }),
    body: { kind: 'aggregate', bind: collectSet },
  },
  {
    name: 'percentile',
    group: 'aggregate',
    summary: 'The exact percentile, interpolated between the two nearest values.',
    usage: 'percentile(expr, fraction[, frequency])',
    examples: [['percentile(x, 0.3) FROM VALUES 0, 10', '3.0']],
    resolve: percentileResolve('percentile'),
    body: {
      kind: 'aggregate',
      bind(site) {
        const { fractions, isMany } = fractionsOf('percentile', site);
        return percentile(fractions, isMany);
      },
    },
  },
  {
    name: 'median',
    group: 'aggregate',
    summary: 'The exact median.',
    usage: 'median(expr)',
    examples: [['median(x) FROM VALUES 0, 10', '5.0']],
    resolve: takes('median', ['double'], 'double', { nullable: true }),
    body: { kind: 'aggregate', bind: () => percentile([0.5], false) },
  },
  {
    name: 'mode',
    group: 'aggregate',
    summary: 'The most frequent value that is no null.',
    usage: 'mode(expr)',
    examples: [['mode(x) FROM VALUES 0, 10, 10', '10']],
    resolve: takes('mode', ['any'], (types) => types[0] ?? atomic('void'), { nullable: true }),
    body: { kind: 'aggregate', bind: mode },
  },
  {
    name: 'listagg',
    aliases: ['string_agg'],
    group: 'aggregate',
    summary: 'The texts joined with a delimiter; null when there is none.',
    usage: 'listagg(expr[, delimiter])',
    examples: [["listagg(x, ',') FROM VALUES 'a', 'b'", 'a,b']],
    resolve: takes('listagg', ['string', 'string?'], 'string', { nullable: true }),
    body: { kind: 'aggregate', bind: listagg },
  },
];
