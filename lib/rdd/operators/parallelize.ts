import type { Done, Emit } from '../../kernel/evaluation.ts';
import { raise } from '../../kernel/errors.ts';
import { pushSlice } from '../evaluate.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * A list cut into partitions that follow each other: partition i of p over n values is [floor(i*n/p), floor((i+1)*n/p)), as in Spark.
 *
 * The list is not copied: whoever passes it in does not change it afterwards.
 */
export class ParallelCollectionNode<T> extends RddNode<T> {
  readonly kind = 'parallelize';
  readonly partitions: number;
  readonly parents = [];
  readonly #values: readonly T[];

  constructor(values: readonly T[], numSlices: number) {
    super();
    if (!Number.isSafeInteger(numSlices) || numSlices < 1) {
      raise('RDD_ARGUMENT', {
        operator: this.kind,
        name: 'numSlices',
        given: numSlices,
        expected: 'a whole number above 0',
      });
    }
    this.#values = values;
    this.partitions = numSlices;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const { length } = this.#values;
    const from = Math.floor((partition * length) / this.partitions);
    const until = Math.floor(((partition + 1) * length) / this.partitions);
    return pushSlice(this.#values, from, until, emit);
  }
}
