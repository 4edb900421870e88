import type { RddNode } from '../rdd-node.ts';
import { requirePartitions } from './coalesce.ts';
import { ScatterNode } from './scatter.ts';

/** The same elements dealt out evenly over `numPartitions` partitions, one after the other. */
export function repartition<T>(parent: RddNode<T>, numPartitions: number): RddNode<T> {
  requirePartitions('repartition', numPartitions);
  const open = (): ((value: T) => number) => {
    let next = -1;
    return () => {
      next = next + 1 === numPartitions ? 0 : next + 1;
      return next;
    };
  };
  return new ScatterNode(parent, numPartitions, open, 'repartition');
}
