import { type Done, type Emit, after } from '../../kernel/evaluation.ts';
import { pushSlice } from '../evaluate.ts';
import { naturalOrder } from '../ordering.ts';
import type { Pair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';

/** The pairs of each partition in the order of their keys; pairs with equal keys stay in order. */
export class SortWithinPartitionsNode<K, V> extends RddNode<Pair<K, V>> {
  readonly kind = 'sortWithinPartitions';
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #isAscending: boolean;
  readonly #operator: string;

  constructor(parent: RddNode<Pair<K, V>>, isAscending: boolean, operator: string) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#isAscending = isAscending;
    this.#operator = operator;
  }

  compute(partition: number, emit: Emit<Pair<K, V>>): Done {
    const pairs: Pair<K, V>[] = [];
    const done = this.parents[0].compute(partition, (pair) => {
      pairs.push(pair);
    });
    return after(done, () => {
      const compare = naturalOrder(this.#operator);
      pairs.sort(this.#isAscending ? (a, b) => compare(a[0], b[0]) : (a, b) => compare(b[0], a[0]));
      return pushSlice(pairs, 0, pairs.length, emit);
    });
  }
}
