import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { type Cogrouped, CogroupNode } from './cogroup.ts';
import { FlatMapNode } from './flat-map.ts';

/** The pairs whose key the other RDD does not have; several pairs of a key all stay. */
export function subtractByKey<K, V>(
  left: RddNode<Pair<K, V>>,
  right: RddNode<Pair<K, unknown>>,
  partitioner: Partitioner,
  operator = 'subtractByKey',
): RddNode<[K, V]> {
  const groups = new CogroupNode<K>([left, right], partitioner, operator);
  return new FlatMapNode<Cogrouped<K>, [K, V]>(
    groups,
    ([key, [values = [], others = []]]) =>
      others.length === 0 ? values.map((value): [K, V] => [key, value as V]) : [],
    operator,
    'subtractByKey',
  );
}
