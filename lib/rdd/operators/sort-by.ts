import type { Done, Emit } from '../../kernel/evaluation.ts';
import { pushSlice, runAll } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { Once } from '../once.ts';
import { type Compare, naturalOrder } from '../ordering.ts';
import { RddNode } from '../rdd-node.ts';
import { requirePartitions } from './coalesce.ts';

/**
 * All elements in the order of their sort keys, over partitions that follow each other. Elements with equal keys stay in the order
 * they had, ascending or not. Evaluated once and held.
 */
export class SortByNode<T, S> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #sorted: Once<T[]>;

  constructor(
    parent: RddNode<T>,
    keyOf: (value: T) => S,
    isAscending: boolean,
    numPartitions: number,
    operator = 'sortBy',
    kind = 'sortBy',
  ) {
    super();
    requirePartitions(operator, numPartitions);
    this.kind = kind;
    this.partitions = numPartitions;
    this.parents = [parent];
    this.#sorted = new Once(async () => {
      const entries: Entry<T>[] = [];
      await runAll(parent, (value) => {
        try {
          entries.push({ key: keyOf(value), value });
        } catch (error) {
          throw functionFailed(operator, error);
        }
      });
      const compare: Compare<unknown> = naturalOrder(operator);
      entries.sort(isAscending ? (a, b) => compare(a.key, b.key) : (a, b) => compare(b.key, a.key));
      return entries.map((entry) => entry.value);
    });
  }

  compute(partition: number, emit: Emit<T>): Done {
    return this.#sorted.use((values) => {
      const from = Math.floor((partition * values.length) / this.partitions);
      const until = Math.floor(((partition + 1) * values.length) / this.partitions);
      return pushSlice(values, from, until, emit);
    });
  }
}

interface Entry<T> {
  readonly key: unknown;
  readonly value: T;
}
