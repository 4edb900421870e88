import type { Done, Emit } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';

/** The partitions of all parents, one after the other; equal elements stay. */
export class UnionNode<T> extends RddNode<T> {
  readonly kind = 'union';
  readonly partitions: number;
  readonly parents: readonly RddNode<T>[];

  constructor(parents: readonly RddNode<T>[]) {
    super();
    this.parents = parents;
    this.partitions = parents.reduce((sum, parent) => sum + parent.partitions, 0);
  }

  compute(partition: number, emit: Emit<T>): Done {
    let index = partition;
    for (const parent of this.parents) {
      if (index < parent.partitions) return parent.compute(index, emit);
      index -= parent.partitions;
    }
    return undefined;
  }
}
