import type { Partitioner } from '../../kernel/partitioner.ts';
import { outputOf } from '../combine-table.ts';
import { type Pair, assertPair } from '../pair.ts';
import { isSamePartitioner } from '../partitioning.ts';
import type { RddNode } from '../rdd-node.ts';
import { ScatterNode } from './scatter.ts';

/** Each pair moved to the partition of its key; nothing where all stand there already. */
export function partitionBy<K, V>(
  parent: RddNode<Pair<K, V>>,
  partitioner: Partitioner,
  operator = 'partitionBy',
): RddNode<Pair<K, V>> {
  if (isSamePartitioner(parent.partitioner, partitioner)) return parent;
  const place = (pair: Pair<K, V>): number => {
    assertPair(operator, pair);
    return outputOf(partitioner, pair[0], operator);
  };
  return new ScatterNode(parent, partitioner.numPartitions, () => place, 'partitionBy', partitioner);
}
