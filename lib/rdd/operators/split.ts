import { raise } from '../../kernel/errors.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { partitionSeed, seededRandom } from '../random.ts';
import { RddNode } from '../rdd-node.ts';

/** A random division of the elements in parts of about these relative sizes. Each element is in one part. */
export function randomSplit<T>(
  parent: RddNode<T>,
  weights: readonly number[],
  seed: number,
  operator = 'randomSplit',
): RddNode<T>[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Number.POSITIVE_INFINITY) || weights.some((weight) => weight < 0)) {
    raise('RDD_ARGUMENT', {
      operator,
      name: 'weights',
      given: `[${weights.join(', ')}]`,
      expected: 'numbers, 0 or more, and one of them above 0',
    });
  }
  let passed = 0;
  return weights.map((weight, index) => {
    const from = passed / total;
    passed += weight;
    // The last bound is exact whatever the sum was rounded to: no element may fall out.
    return new SplitNode(parent, from, index === weights.length - 1 ? 1 : passed / total, seed);
  });
}

/** One part of a random division: the elements whose random number falls in `[from, until)`. All parts draw the same numbers. */
class SplitNode<T> extends RddNode<T> {
  readonly kind = 'randomSplit';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #from: number;
  readonly #until: number;
  readonly #seed: number;

  constructor(parent: RddNode<T>, from: number, until: number, seed: number) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#from = from;
    this.#until = until;
    this.#seed = seed;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const random = seededRandom(partitionSeed(this.#seed, partition));
    const from = this.#from;
    const until = this.#until;
    return this.parents[0].compute(partition, (value) => {
      const drawn = random();
      if (drawn >= from && drawn < until) emit(value);
    });
  }
}
