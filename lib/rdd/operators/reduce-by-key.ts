import type { Partitioner } from '../../kernel/partitioner.ts';
import { refusePromise } from '../function-failure.ts';
import type { LastingKeys } from '../key-dictionary.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { CombineByKeyNode } from './combine-by-key.ts';

/**
 * Merges the values of each key. `combine` must be associative; it is not called for a key with one value.
 *
 * It is called with the earlier value first: from left to right over the partitions in order. `lasting`: what numbers the keys, for whoever
 * reduces one batch after the other.
 */
export function reduceByKey<K, V>(
  parent: RddNode<Pair<K, V>>,
  combine: (a: V, b: V) => V,
  partitioner: Partitioner,
  operator = 'reduceByKey',
  lasting?: LastingKeys<K>,
): RddNode<[K, V]> {
  const merge = refusingPromises(combine, operator);
  return new CombineByKeyNode(
    parent,
    { create: (value) => value, mergeValue: merge, mergeCombiners: merge },
    partitioner,
    operator,
    'reduceByKey',
    lasting,
  );
}

/** `combine`, refused when it turns out to be async: only an object can be a promise, so numbers and texts cost one comparison. */
export function refusingPromises<A, B, C>(combine: (a: A, b: B) => C, operator: string): (a: A, b: B) => C {
  let isChecked = false;
  return (a, b) => {
    const result = combine(a, b);
    if (!isChecked) {
      isChecked = true;
      refusePromise(operator, result);
    }
    return result;
  };
}
