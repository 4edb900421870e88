import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { MapNode } from './map.ts';
import { SubtractByKeyNode } from './subtract-by-key.ts';

/** The elements that the other RDD does not have; an element that stands here several times stays so. */
export function subtract<T>(
  left: RddNode<T>,
  right: RddNode<T>,
  partitioner: Partitioner,
  operator = 'subtract',
): RddNode<T> {
  const marked = (parent: RddNode<T>): RddNode<Pair<T, T>> =>
    new MapNode<T, Pair<T, T>>(parent, (value) => [value, value], operator, 'subtract');
  const rest = new SubtractByKeyNode(marked(left), marked(right), partitioner, operator);
  return new MapNode<[T, T], T>(rest, (pair) => pair[1], operator, 'subtract');
}
