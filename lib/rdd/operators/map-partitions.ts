import type { Partitioner } from '../../kernel/partitioner.ts';
import { type Done, type Emit, after } from '../../kernel/evaluation.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';
import { placed } from '../record-place.ts';
import { drawn } from './flat-map.ts';

/**
 * A function over a whole partition, called for empty ones too. It is given an iterator that can also be spread or looped over, once,
 * and returns any iterable; a generator function does.
 */
export class MapPartitionsNode<T, U> extends RddNode<U> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #f: (values: IterableIterator<T>, partition: number) => Iterable<U>;
  readonly #operator: string;
  readonly #preservesPartitioning: boolean;

  constructor(
    parent: RddNode<T>,
    f: (values: IterableIterator<T>, partition: number) => Iterable<U>,
    operator = 'mapPartitions',
    kind = 'mapPartitions',
    preservesPartitioning = false,
  ) {
    super();
    this.#preservesPartitioning = preservesPartitioning;
    this.kind = kind;
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.#preservesPartitioning ? this.parents[0].partitioner : undefined;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<U>): Done {
    const values: T[] = [];
    const done = this.parents[0].compute(partition, (value) => {
      values.push(value);
    });
    return after(done, () => {
      const taken = { count: 0 };
      try {
        this.#push(counted(values, taken), partition, emit);
      } catch (error) {
        // What failed was at work on the element it drew last.
        if (taken.count === 0) throw error;
        return placed(this.parents[0], partition, taken.count - 1, error).then((told) => {
          throw told;
        });
      }
      return undefined;
    });
  }

  #push(values: IterableIterator<T>, partition: number, emit: Emit<U>): void {
    let results: Iterable<U>;
    try {
      results = this.#f(values, partition);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
    for (const result of drawn(this.#operator, results)) emit(result);
  }
}

/** The values one by one, counted as they are drawn. */
export function* counted<T>(values: readonly T[], taken: { count: number }): Generator<T, undefined> {
  for (const value of values) {
    taken.count += 1;
    yield value;
  }
}
