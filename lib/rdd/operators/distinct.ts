import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { CombineByKeyNode } from './combine-by-key.ts';
import { MapNode } from './map.ts';

/** Each element once, equal by value; the one that came first. */
export function distinct<T>(parent: RddNode<T>, partitioner: Partitioner, operator = 'distinct'): RddNode<T> {
  const marked = new MapNode<T, Pair<T, null>>(parent, (value) => [value, null], operator, 'distinct');
  const table = new CombineByKeyNode<T, null, null>(
    marked,
    { create: () => null, mergeValue: () => null, join: () => null },
    partitioner,
    operator,
    'distinct',
  );
  return new MapNode<Pair<T, null>, T>(table, (pair) => pair[0], operator, 'distinct');
}
