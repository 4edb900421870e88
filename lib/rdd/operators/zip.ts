import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { collectPartition, runPartition } from '../evaluate.ts';
import { RddNode } from '../rdd-node.ts';

/** Elements of two RDDs paired by position. Both must have as many partitions, and as many elements in each. */
export class ZipNode<T, U> extends RddNode<[T, U]> {
  readonly kind = 'zip';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>, RddNode<U>];
  readonly #operator: string;

  constructor(left: RddNode<T>, right: RddNode<U>, operator = 'zip') {
    super();
    if (left.partitions !== right.partitions) {
      raise(
        'RDD_ZIP_LENGTHS',
        { operator, what: 'partitions', left: left.partitions, right: right.partitions },
        { where: { operator } },
      );
    }
    this.partitions = left.partitions;
    this.parents = [left, right];
    this.#operator = operator;
  }

  async compute(partition: number, emit: Emit<[T, U]>): Promise<void> {
    const [left, right] = this.parents;
    const others = await collectPartition(right, partition);
    let index = 0;
    await runPartition(left, partition, (value) => {
      if (index < others.length) emit([value, others[index] as U]);
      index += 1;
    });
    if (index !== others.length) {
      const operator = this.#operator;
      const what = `elements in partition ${partition}`;
      raise('RDD_ZIP_LENGTHS', { operator, what, left: index, right: others.length }, { where: { operator } });
    }
  }
}
