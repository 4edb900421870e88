import type { Done, Emit } from '../../kernel/evaluation.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import type { ApartPartitions, Each } from '../../rdd/apart-node.ts';
import { functionFailed } from '../../rdd/function-failure.ts';
import { Once } from '../../rdd/once.ts';
import { RddNode } from '../../rdd/rdd-node.ts';

/**
 * All elements merged into one, from left to right within each input partition and then across them; nothing when there are none. `combine`
 * must be associative.
 */
export class ReduceRdd<T> extends RddNode<T> {
  readonly kind = 'reduce';
  readonly partitions = 1;
  readonly parents: readonly [RddNode<T>];
  readonly #combine: (a: T, b: T) => T;
  readonly #operator: string;
  readonly #result: Once<readonly T[]>;
  #apart: ApartPartitions<Each<T>> | undefined;

  constructor(parent: RddNode<T>, combine: (a: T, b: T) => T, operator: string) {
    super();
    this.parents = [parent];
    this.#combine = combine;
    this.#operator = operator;
    this.#result = new Once(async () => await this.#reduceAll());
  }

  /** Has other threads merge the elements of each input partition. To be said before the node is computed. */
  reduceApart(apart: ApartPartitions<Each<T>>): void {
    this.#apart = apart;
  }

  /** The elements of one input partition, merged: what a thread does for another one. */
  async reduced(partition: number, emit: Emit<T>): Promise<void> {
    const total = new Total(this.#combine, this.#operator);
    await this.parents[0].compute(partition, total.add);
    for (const value of total.values) emit(value);
  }

  compute(_partition: number, emit: Emit<T>): Done {
    return this.#result.use((values) => {
      for (const value of values) emit(value);
    });
  }

  async #reduceAll(): Promise<readonly T[]> {
    const [parent] = this.parents;
    const total = new Total(this.#combine, this.#operator);
    for (let partition = 0; partition < parent.partitions; partition++) {
      const turn = partition > 0 ? nextTurnIfDue() : undefined;
      if (turn !== undefined) await turn;
      const each = await this.#apart?.get(partition);
      await (each === undefined ? this.reduced(partition, total.add) : each(total.add));
    }
    return total.values;
  }
}

/** What elements are merged into, one after the other. */
class Total<T> {
  #isEmpty = true;
  #total: T | undefined;
  readonly add: (value: T) => void;

  constructor(combine: (a: T, b: T) => T, operator: string) {
    this.add = (value) => {
      if (this.#isEmpty) {
        this.#isEmpty = false;
        this.#total = value;
        return;
      }
      try {
        this.#total = combine(this.#total as T, value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
    };
  }

  get values(): readonly T[] {
    return this.#isEmpty ? [] : [this.#total as T];
  }
}
