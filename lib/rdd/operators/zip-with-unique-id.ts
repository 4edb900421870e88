import type { Done, Emit } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';

/** Each element with a number of its own: k * partitions + i for element k of partition i. Nothing has to be counted first. */
export class ZipWithUniqueIdNode<T> extends RddNode<[T, number]> {
  readonly kind = 'zipWithUniqueId';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];

  constructor(parent: RddNode<T>) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
  }

  compute(partition: number, emit: Emit<[T, number]>): Done {
    let id = partition;
    return this.parents[0].compute(partition, (value) => {
      emit([value, id]);
      id += this.partitions;
    });
  }
}
