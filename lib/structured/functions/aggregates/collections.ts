import { raise } from '../../../kernel/errors.ts';
import type { DataType, InternalValue } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import { comparatorOf } from '../../types/ordering.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { valueKey } from '../../types/value-key.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { orderingOf } from './within-group.ts';

/** Buffer: the list, changed in place. Other aggregates that hold all values are made of it. */
export const collectList: AggregateFunction = {
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

/**
 * The most frequent value. Buffer: the values. Of equals the earliest wins; `mode(v, true)` and WITHIN GROUP say the least, or with DESC
 * the greatest.
 */
function mode(site: BindSite): AggregateFunction {
  const { args } = site;
  const type = args[0]?.type ?? atomic('void');
  const keyOf = valueKey(type);
  const [order] = orderingOf(site);
  const isDecided = order !== undefined || constantOf('mode', args, 1) === true;
  const compare = isDecided ? comparatorOf(type) : undefined;
  const sign = order?.ascending === false ? 1 : -1;
  const wins = (value: InternalValue, held: InternalValue): boolean =>
    compare !== undefined && compare(value, held) * sign > 0;
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
      for (const entry of counts.values()) {
        const isMore = best === undefined || entry.count > best.count;
        if (isMore || (entry.count === best?.count && wins(entry.value, best.value))) best = entry;
      }
      return best?.value ?? null;
    },
  };
}

const listOfFirst = (types: readonly DataType[]): DataType => arrayType(types[0] ?? atomic('void'), false);

/** Lists, sets and the mode: their state grows with the values. */
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
    resolve(args, site) {
      const [arg] = args;
      if (arg?.type.kind === 'map') {
        raise('DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE', { function: 'collect_set', dataType: sqlTypeText(arg.type) });
      }
      return takes('collect_set', ['any'], listOfFirst, { nullable: false })(args, site);
    },
    body: { kind: 'aggregate', bind: collectSet },
  },
  {
    name: 'mode',
    group: 'aggregate',
    summary: 'The most frequent value that is no null.',
    usage: 'mode(expr[, deterministic])',
    examples: [['mode(x) FROM VALUES 0, 10, 10', '10']],
    resolve: (args, site) =>
      takes('mode', ['any', 'boolean?'], (types) => types[0] ?? atomic('void'), { nullable: true })(args, site),
    body: { kind: 'aggregate', bind: mode },
  },
];
