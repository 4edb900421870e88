import type { Done, Emit } from '../kernel/evaluation.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import { raise } from '../kernel/errors.ts';
import { nextTurn } from '../kernel/turns.ts';
import { pushSlice } from './evaluate.ts';
import { functionFailed } from './function-failure.ts';
import { KeyIndex } from './key-index.ts';
import { type Pair, assertPair } from './pair.ts';

/** How the values of a key become one: within an input partition by `mergeValue`, across partitions by `mergeCombiners`. */
export interface Aggregator<V, C> {
  /** From the first value of a key in an input partition. */
  create(value: V): C;
  mergeValue(combined: C, value: V): C;
  /**
   * Joins what two input partitions made of a key, the earlier one first. Left out where it makes no difference: then `mergeValue`
   * goes on across partitions.
   */
  mergeCombiners?(first: C, second: C): C;
  /** As `mergeCombiners` where that is left out: joins what two tables have made of a key, the earlier one first. */
  join?(first: C, second: C): C;
  /** What is given out at each reading, where combiners can be changed by who gets them. */
  copy?(combined: C): C;
}

/** Where combiners of one key are told apart by the input partition that made them. */
interface Split<C> {
  /** The input partition whose combiner is the current one. */
  inputPartition: number;
  /** What the partitions before it made, when `hasEarlier`. */
  earlier: C | undefined;
  hasEarlier: boolean;
}

const keysPerTurn = 65_536;

/**
 * The table of a shuffle that combines: input partitions push pairs into it one after the other (`open`, the map side), then each output
 * partition is read (`read`, the reduce side). On one thread both sides are this one table, so nothing is combined twice.
 *
 * - One lookup for each record, in one map for all output partitions; the partitioner is asked once for each key.
 * - Keys of an output partition come in order of first appearance.
 * - Input partitions are opened one at a time, in order: combiners are told apart by the partition that made them.
 */
export class CombineTable<K, V, C> {
  readonly #index = new KeyIndex<K>();
  /** What the current input partition has made of each key so far; across partitions where nothing is split. */
  readonly #combined: C[] = [];
  readonly #splits: Split<C>[] | undefined;
  /** The keys of each output partition. */
  readonly #outputs: number[][];
  readonly #partitioner: Partitioner;
  readonly #aggregator: Aggregator<V, C>;
  readonly #operator: string;

  constructor(partitioner: Partitioner, aggregator: Aggregator<V, C>, operator: string) {
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#operator = operator;
    this.#outputs = Array.from({ length: partitioner.numPartitions }, () => []);
    this.#splits = aggregator.mergeCombiners === undefined ? undefined : [];
  }

  /** Takes the pairs of one input partition. This is the hot loop of every `...ByKey`. */
  open(inputPartition: number): Emit<Pair<K, V>> {
    const index = this.#index;
    const combined = this.#combined;
    const splits = this.#splits;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    return (pair) => {
      const key = index.find(pair[0]);
      if (key < 0) {
        this.#add(pair, inputPartition);
      } else if (splits !== undefined && splits[key]?.inputPartition !== inputPartition) {
        this.#close(key, splits[key] as Split<C>);
        (splits[key] as Split<C>).inputPartition = inputPartition;
        combined[key] = this.#create(pair[1]);
      } else {
        try {
          combined[key] = aggregator.mergeValue(combined[key] as C, pair[1]);
        } catch (error) {
          throw functionFailed(operator, error);
        }
      }
    };
  }

  /** Takes what another table has made of the pairs of one input partition: each key once. */
  openCombined(): Emit<Pair<K, C>> {
    const index = this.#index;
    const combined = this.#combined;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    const join = joinOf(aggregator);
    return ([key, value]) => {
      const known = index.find(key);
      if (known < 0) {
        this.#place(key, value);
        return;
      }
      try {
        combined[known] = join === undefined ? value : join.call(aggregator, combined[known] as C, value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
    };
  }

  /** To be called once, when all input partitions are through. */
  async finish(): Promise<void> {
    const splits = this.#splits;
    if (splits === undefined) return;
    for (const [key, split] of splits.entries()) {
      if (split.hasEarlier) {
        this.#close(key, split);
        this.#combined[key] = split.earlier as C;
      }
      if (key % keysPerTurn === keysPerTurn - 1) await nextTurn();
    }
  }

  /** Pushes the pairs of one output partition; each time fresh pairs. */
  read(partition: number, emit: Emit<[K, C]>): Done {
    const { copy } = this.#aggregator;
    const { keys } = this.#index;
    const combined = this.#combined;
    const emitPair = (key: number): void => {
      const value = combined[key] as C;
      emit([keys[key] as K, copy === undefined ? value : copy(value)]);
    };
    const output = this.#outputs[partition] ?? [];
    return pushSlice(output, 0, output.length, emitPair);
  }

  #add(pair: Pair<K, V>, inputPartition: number): void {
    assertPair(this.#operator, pair);
    const first = this.#create(pair[1]);
    this.#place(pair[0], first);
    this.#splits?.push({ inputPartition, earlier: undefined, hasEarlier: false });
  }

  #place(key: K, first: C): void {
    const partition = outputOf(this.#partitioner, key, this.#operator);
    const number = this.#index.add(key);
    this.#combined.push(first);
    this.#outputs[partition]?.push(number);
  }

  #create(value: V): C {
    try {
      return this.#aggregator.create(value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }

  /** Puts the current combiner of a key behind those of earlier partitions. */
  #close(key: number, split: Split<C>): void {
    const current = this.#combined[key] as C;
    if (split.hasEarlier) {
      try {
        split.earlier = this.#aggregator.mergeCombiners?.(split.earlier as C, current);
      } catch (error) {
        throw functionFailed(this.#operator, error);
      }
    } else {
      split.earlier = current;
      split.hasEarlier = true;
    }
  }
}

/** How what two tables made of a key is joined; undefined where nobody said so. */
export function joinOf<V, C>(aggregator: Aggregator<V, C>): ((first: C, second: C) => C) | undefined {
  return aggregator.mergeCombiners ?? aggregator.join;
}

/** The output partition of a key, checked: a custom partitioner that errs must not lose records. */
export function outputOf(partitioner: Partitioner, key: unknown, operator: string): number {
  let partition: number;
  try {
    partition = partitioner.partitionOf(key);
  } catch (error) {
    throw functionFailed(operator, error);
  }
  const { numPartitions } = partitioner;
  if (!Number.isInteger(partition) || partition < 0 || partition >= numPartitions) {
    raise('RDD_PARTITIONER', { operator, given: String(partition), numPartitions }, { where: { operator } });
  }
  return partition;
}
