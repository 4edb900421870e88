import type { Partitioner } from '../../kernel/partitioner.ts';
import { raise } from '../../kernel/errors.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { partitionSeed, seededRandom } from '../random.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * A random part of the elements: each with probability `fraction`, or, with replacement, `fraction` times on average. The same seed takes
 * the same elements at each evaluation.
 */
export class SampleNode<T> extends RddNode<T> {
  readonly kind = 'sample';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #withReplacement: boolean;
  readonly #fraction: number;
  readonly #seed: number;

  constructor(parent: RddNode<T>, withReplacement: boolean, fraction: number, seed: number, operator = 'sample') {
    super();
    if (!(fraction >= 0 && (withReplacement ? fraction < Number.POSITIVE_INFINITY : fraction <= 1))) {
      raise('RDD_ARGUMENT', {
        operator,
        name: 'fraction',
        given: String(fraction),
        expected: withReplacement ? 'a number, 0 or more' : 'a number from 0 to 1',
      });
    }
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#withReplacement = withReplacement;
    this.#fraction = fraction;
    this.#seed = seed;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const random = seededRandom(partitionSeed(this.#seed, partition));
    const fraction = this.#fraction;
    if (!this.#withReplacement) {
      return this.parents[0].compute(partition, (value) => {
        if (random() < fraction) emit(value);
      });
    }
    return this.parents[0].compute(partition, (value) => {
      for (let times = poisson(fraction, random); times > 0; times--) emit(value);
    });
  }
}

/** How often something happens that happens `mean` times on average: the gaps are exponential, and sums of them stay exact for any mean. */
export function poisson(mean: number, random: () => number): number {
  let times = -1;
  for (let passed = 0; passed <= mean; times++) passed -= Math.log(1 - random());
  return times;
}
