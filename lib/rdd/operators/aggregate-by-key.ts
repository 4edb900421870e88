import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { zeroValue } from '../zero-value.ts';
import { CombineByKeyNode } from './combine-by-key.ts';
import { refusingPromises } from './reduce-by-key.ts';

/**
 * The values of each key folded from a copy of `zero`, once for each input partition the key occurs in; `mergeCombiners` joins those.
 */
export function aggregateByKey<K, V, C>(
  parent: RddNode<Pair<K, V>>,
  zero: C,
  mergeValue: (combined: C, value: V) => C,
  mergeCombiners: (first: C, second: C) => C,
  partitioner: Partitioner,
  operator = 'aggregateByKey',
): RddNode<[K, C]> {
  const fresh = zeroValue(zero, operator);
  const merge = refusingPromises(mergeValue, operator);
  return new CombineByKeyNode<K, V, C>(
    parent,
    { create: (value) => merge(fresh(), value), mergeValue: merge, mergeCombiners },
    partitioner,
    operator,
    'aggregateByKey',
  );
}
