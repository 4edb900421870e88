import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { collectPartition } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';
import { drawn } from './flat-map.ts';

/** A function over the partitions of two RDDs with the same number, given as iterators; it returns any iterable. */
export class ZipPartitionsNode<T, U, R> extends RddNode<R> {
  readonly kind = 'zipPartitions';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>, RddNode<U>];
  readonly #f: (left: IterableIterator<T>, right: IterableIterator<U>) => Iterable<R>;
  readonly #operator: string;

  constructor(
    left: RddNode<T>,
    right: RddNode<U>,
    f: (left: IterableIterator<T>, right: IterableIterator<U>) => Iterable<R>,
    operator = 'zipPartitions',
  ) {
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
    this.#f = f;
    this.#operator = operator;
  }

  async compute(partition: number, emit: Emit<R>): Promise<void> {
    const left = await collectPartition(this.parents[0], partition);
    const right = await collectPartition(this.parents[1], partition);
    let results: Iterable<R>;
    try {
      results = this.#f(left.values(), right.values());
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
    for (const result of drawn(this.#operator, results)) emit(result);
  }
}
