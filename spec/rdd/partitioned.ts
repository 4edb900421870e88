import { PartitionListsNode } from '../../lib/rdd/operators/partition-lists.ts';
import { RDD } from '../../lib/rdd/rdd.ts';
import { SparkContext } from '../../lib/rdd/spark-context.ts';
import { collectAll } from '../../lib/rdd/evaluate.ts';
import { RddNode } from '../../lib/rdd/rdd-node.ts';
import { nextTurn } from '../../lib/kernel/turns.ts';
import type { Emit } from '../../lib/kernel/evaluation.ts';

/** An RDD whose partitions are the lists. */
export function partitioned<T>(lists: readonly (readonly T[])[], sc = new SparkContext()): RDD<T> {
  return new RDD(new PartitionListsNode(lists), sc);
}

/** As `partitioned`; each element comes a turn of the event loop after the one before, as from a source that is still reading. */
export function slow<T>(lists: readonly (readonly T[])[], sc = new SparkContext()): RDD<T> {
  return new RDD(new SlowNode(lists), sc);
}

/** The elements, one list for each partition. */
export async function partitionsOf<T>(rdd: RDD<T>): Promise<T[][]> {
  return await collectAll(rdd.node);
}

class SlowNode<T> extends RddNode<T> {
  readonly kind = 'slow';
  readonly partitions: number;
  readonly parents = [];
  readonly #lists: readonly (readonly T[])[];

  constructor(lists: readonly (readonly T[])[]) {
    super();
    this.partitions = lists.length;
    this.#lists = lists;
  }

  async compute(partition: number, emit: Emit<T>): Promise<void> {
    for (const value of this.#lists[partition] ?? []) {
      await nextTurn();
      emit(value);
    }
  }
}
