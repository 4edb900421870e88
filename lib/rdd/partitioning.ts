import { HashPartitioner, type Partitioner } from '../kernel/partitioner.ts';
import type { RddNode } from './rdd-node.ts';

/** Where the keys of a shuffle go: a number of partitions, or an object that decides. */
export type Partitioning = number | Partitioner;

/** The partitioner that was asked for; without one, a hash over as many partitions as the largest parent has, as Spark does. */
export function partitionerFor(asked: Partitioning | undefined, parents: readonly RddNode<unknown>[]): Partitioner {
  if (typeof asked === 'object') return asked;
  return new HashPartitioner(asked ?? Math.max(1, ...parents.map((parent) => parent.partitions)));
}
