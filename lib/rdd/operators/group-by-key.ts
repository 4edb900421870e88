import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';
import { CombineByKeyNode } from './combine-by-key.ts';

/** All values of each key as one array, in order of arrival; an array of its own at each evaluation. */
export function groupByKey<K, V>(
  parent: RddNode<Pair<K, V>>,
  partitioner: Partitioner,
  operator = 'groupByKey',
): RddNode<[K, V[]]> {
  return new CombineByKeyNode<K, V, V[]>(
    parent,
    {
      create: (value) => [value],
      mergeValue: (values, value) => {
        values.push(value);
        return values;
      },
      copy: (values) => values.slice(),
    },
    partitioner,
    operator,
    'groupByKey',
  );
}
