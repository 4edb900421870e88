import type { Emit } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';
import { StorageNode } from '../storage-node.ts';
import { collectPartition } from '../evaluate.ts';

/**
 * Every element here with every element there, one partition for each pair of partitions. The right side is computed once and held, the left
 * side once for each partition of the right.
 */
export class CartesianNode<T, U> extends RddNode<[T, U]> {
  readonly kind = 'cartesian';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>, StorageNode<U>];

  constructor(left: RddNode<T>, right: RddNode<U>) {
    super();
    this.partitions = left.partitions * right.partitions;
    this.parents = [left, new StorageNode(right, true)];
  }

  async compute(partition: number, emit: Emit<[T, U]>): Promise<void> {
    const [left, right] = this.parents;
    const others = await collectPartition(right, partition % right.partitions);
    await left.compute(Math.floor(partition / right.partitions), (value) => {
      for (const other of others) emit([value, other]);
    });
  }
}
