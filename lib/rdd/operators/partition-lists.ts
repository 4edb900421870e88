import type { Done, Emit } from '../../kernel/evaluation.ts';
import { pushSlice } from '../evaluate.ts';
import { RddNode } from '../rdd-node.ts';

/** Lists that are partitions already, one each; `[]` is an RDD without partitions. The lists are not copied. */
export class PartitionListsNode<T> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents = [];
  readonly #lists: readonly (readonly T[])[];

  constructor(lists: readonly (readonly T[])[], kind = 'parallelize') {
    super();
    this.kind = kind;
    this.partitions = lists.length;
    this.#lists = lists;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const list = this.#lists[partition] ?? [];
    return pushSlice(list, 0, list.length, emit);
  }
}
