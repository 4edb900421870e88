import { type Done, type Emit, after } from '../../kernel/evaluation.ts';
import { runPartition } from '../evaluate.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * Each element with its place in the whole, from 0.
 *
 * A partition has to know how many elements come before it. Partitions that were computed in order have left their counts; only when
 * one is missing is the parent computed for the count alone.
 */
export class ZipWithIndexNode<T> extends RddNode<[T, number]> {
  readonly kind = 'zipWithIndex';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #counts: (number | undefined)[] = [];

  constructor(parent: RddNode<T>) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
  }

  compute(partition: number, emit: Emit<[T, number]>): Done {
    const start = this.#start(partition);
    return typeof start === 'number'
      ? this.#push(partition, start, emit)
      : start.then((counted) => this.#push(partition, counted, emit));
  }

  #push(partition: number, start: number, emit: Emit<[T, number]>): Done {
    let index = start;
    const done = this.parents[0].compute(partition, (value) => {
      emit([value, index]);
      index += 1;
    });
    return after(done, () => {
      this.#counts[partition] = index - start;
    });
  }

  #start(partition: number): number | Promise<number> {
    let start = 0;
    for (let before = 0; before < partition; before++) {
      const count = this.#counts[before];
      if (count === undefined) return this.#countUpTo(partition);
      start += count;
    }
    return start;
  }

  async #countUpTo(partition: number): Promise<number> {
    let start = 0;
    for (let before = 0; before < partition; before++) {
      let count = this.#counts[before] ?? 0;
      if (this.#counts[before] === undefined) {
        await runPartition(this.parents[0], before, () => {
          count += 1;
        });
        this.#counts[before] = count;
      }
      start += count;
    }
    return start;
  }
}
