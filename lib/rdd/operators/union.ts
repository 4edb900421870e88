import type { Done, Emit } from '../../kernel/evaluation.ts';
import { RddNode, type Taker } from '../rdd-node.ts';

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
    return this.#at(partition, (parent, index) => parent.compute(index, emit));
  }

  override computeTexts(partition: number, taker: Taker<T>): Done {
    return this.#at(partition, (parent, index) => parent.computeTexts(index, taker));
  }

  #at(partition: number, compute: (parent: RddNode<T>, index: number) => Done): Done {
    let index = partition;
    for (const parent of this.parents) {
      if (index < parent.partitions) return compute(parent, index);
      index -= parent.partitions;
    }
    return undefined;
  }
}
