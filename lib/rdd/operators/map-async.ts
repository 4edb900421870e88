import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { collectPartition } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * One element for each element by a function that may wait. Up to `concurrency` calls of a partition are under way at a time; results
 * keep the order of the elements. A partition's elements are held in memory while it runs.
 *
 * When a call fails, no further ones are started, those under way are waited for, and the first failure is the result.
 */
export class MapAsyncNode<T, U> extends RddNode<U> {
  readonly kind = 'mapAsync';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #f: (value: T) => U | Promise<U>;
  readonly #concurrency: number;
  readonly #operator: string;

  constructor(parent: RddNode<T>, f: (value: T) => U | Promise<U>, concurrency: number, operator = 'mapAsync') {
    super();
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      raise('RDD_ARGUMENT', {
        operator,
        name: 'concurrency',
        given: String(concurrency),
        expected: 'a whole number above 0',
      });
    }
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#concurrency = concurrency;
    this.#operator = operator;
  }

  async compute(partition: number, emit: Emit<U>): Promise<void> {
    const values = await collectPartition(this.parents[0], partition);
    const calls: Promise<U>[] = [];
    try {
      for (let i = 0; i < values.length; i++) {
        while (calls.length < Math.min(values.length, i + this.#concurrency)) {
          calls.push(this.#call(values[calls.length] as T));
        }
        emit(await (calls[i] as Promise<U>));
      }
    } catch (error) {
      await Promise.allSettled(calls);
      throw error;
    }
  }

  async #call(value: T): Promise<U> {
    try {
      return await this.#f(value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }
}
