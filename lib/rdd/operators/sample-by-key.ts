import { raise } from '../../kernel/errors.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { KeyMap } from '../../kernel/key-map.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { kindOf } from '../function-failure.ts';
import { type Pair, assertPair } from '../pair.ts';
import { partitionSeed, seededRandom } from '../random.ts';
import { RddNode } from '../rdd-node.ts';
import { poisson } from './sample.ts';

/** The part to take of each key: a map or pairs, and an object where keys are texts. */
export type Fractions<K> = Iterable<readonly [K, number]> | Readonly<Record<string, number>>;

/**
 * A random part of the pairs of each key, as large as the fraction of the key says. The same seed takes the same pairs at each evaluation.
 * A key without a fraction is refused: leaving it out or taking it whole would both be a guess.
 */
export class SampleByKeyNode<K, V> extends RddNode<Pair<K, V>> {
  readonly kind = 'sampleByKey';
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #withReplacement: boolean;
  readonly #fractions: KeyMap<K, number>;
  readonly #seed: number;
  readonly #operator: string;

  constructor(
    parent: RddNode<Pair<K, V>>,
    withReplacement: boolean,
    fractions: Fractions<K>,
    seed: number,
    operator = 'sampleByKey',
  ) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#withReplacement = withReplacement;
    this.#fractions = fractionsOf(fractions, withReplacement, operator);
    this.#seed = seed;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  compute(partition: number, emit: Emit<Pair<K, V>>): Done {
    const random = seededRandom(partitionSeed(this.#seed, partition));
    return this.parents[0].compute(partition, (pair) => {
      const fraction = this.#fractionOf(pair);
      const times = this.#withReplacement ? poisson(fraction, random) : Number(random() < fraction);
      for (let time = 0; time < times; time++) emit(pair);
    });
  }

  #fractionOf(pair: Pair<K, V>): number {
    assertPair(this.#operator, pair);
    const fraction = this.#fractions.get(pair[0]);
    if (fraction !== undefined) return fraction;
    const operator = this.#operator;
    return raise('RDD_FRACTION_MISSING', { operator, key: String(pair[0]) }, { where: { operator } });
  }
}

function fractionsOf<K>(given: Fractions<K>, withReplacement: boolean, operator: string): KeyMap<K, number> {
  const fractions = new KeyMap<K, number>();
  for (const [key, fraction] of entriesOf(given, operator)) {
    if (!(fraction >= 0 && (withReplacement ? fraction < Number.POSITIVE_INFINITY : fraction <= 1))) {
      const expected = withReplacement ? 'numbers, 0 or more' : 'numbers from 0 to 1';
      raise('RDD_ARGUMENT', { operator, name: `the fraction of ${String(key)}`, given: String(fraction), expected });
    }
    fractions.set(key, fraction);
  }
  return fractions;
}

function entriesOf<K>(given: Fractions<K>, operator: string): Iterable<readonly [K, number]> {
  if (typeof given !== 'object' || given === null) {
    const expected = 'a Map, pairs, or an object of numbers by key';
    raise('RDD_ARGUMENT', { operator, name: 'fractions', given: kindOf(given), expected });
  }
  return Symbol.iterator in given
    ? (given as Iterable<readonly [K, number]>)
    : (Object.entries(given) as unknown as Iterable<readonly [K, number]>);
}
