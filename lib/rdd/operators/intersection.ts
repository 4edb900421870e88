import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { type Cogrouped, CogroupNode } from './cogroup.ts';
import { FlatMapNode } from './flat-map.ts';
import { MapNode } from './map.ts';

/** The elements that both RDDs have, each once. */
export function intersection<T>(
  left: RddNode<T>,
  right: RddNode<T>,
  partitioner: Partitioner,
  operator = 'intersection',
): RddNode<T> {
  const marked = (parent: RddNode<T>): RddNode<Pair<T, null>> =>
    new MapNode<T, Pair<T, null>>(parent, (value) => [value, null], operator, 'intersection');
  const groups = new CogroupNode<T>([marked(left), marked(right)], partitioner, operator);
  return new FlatMapNode<Cogrouped<T>, T>(
    groups,
    ([value, sides]) => (sides.every((side) => side.length > 0) ? [value] : []),
    operator,
    'intersection',
  );
}
