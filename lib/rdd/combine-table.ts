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
  /** Joins what two input partitions made of a key, the earlier one first. Left out, `mergeValue` goes on across partitions. */
  mergeCombiners?(first: C, second: C): C;
  /**
   * As `mergeCombiners` where that is left out because it gives the same to the last digit: joins what other threads have made of a key.
   * Without either, partitions cannot be combined by themselves.
   */
  join?(first: C, second: C): C;
  /** What is given out at each reading, where combiners can be changed by who gets them. */
  copy?(combined: C): C;
}

const keysPerTurn = 65_536;

/**
 * The table of a shuffle that combines: input partitions push pairs into it one after the other (`open`, the map side), then each output
 * partition is read (`read`, the reduce side). On one thread both sides are this one table, so nothing is combined twice.
 *
 * - One lookup for each record, in one map for all output partitions; the partitioner is asked once for each key.
 * - Keys of an output partition come in order of first appearance.
 * - Input partitions are opened one at a time, in order. Each is combined by itself and then joined to those before it: so a result, a sum
 *   of fractions too, is the same to the last digit wherever partitions are combined, here or in other threads.
 */
export class CombineTable<K, V, C> {
  readonly #index = new KeyIndex<K>();
  /** What the input partitions up to the last one that was closed have made of each key. */
  readonly #combined: C[] = [];
  readonly #joining: ((first: C, second: C) => C) | undefined;
  #part: Part<C> | undefined;
  #isFirst = true;
  /** The keys of each output partition. */
  readonly #outputs: number[][];
  readonly #partitioner: Partitioner;
  readonly #aggregator: Aggregator<V, C>;
  readonly #operator: string;

  constructor(partitioner: Partitioner, aggregator: Aggregator<V, C>, operator: string) {
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#joining = joinOf(aggregator);
    this.#operator = operator;
    this.#outputs = Array.from({ length: partitioner.numPartitions }, () => []);
  }

  /** Takes the pairs of one input partition. This is the hot loop of every `...ByKey`. */
  open(): Emit<Pair<K, V>> {
    this.#close();
    const isFirst = this.#isFirst || this.#aggregator.mergeCombiners === undefined;
    this.#isFirst = false;
    if (!isFirst) return this.#openPart();
    const index = this.#index;
    const combined = this.#combined;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    return (pair) => {
      const key = index.find(pair[0]);
      if (key < 0) {
        this.#add(pair);
        return;
      }
      try {
        combined[key] = aggregator.mergeValue(combined[key] as C, pair[1]);
      } catch (error) {
        throw functionFailed(operator, error);
      }
    };
  }

  /** As the loop of `open`, for a partition that others came before. */
  #openPart(): Emit<Pair<K, V>> {
    const index = this.#index;
    const part = new Part(this.#combined);
    this.#part = part;
    const { values } = part;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    return (pair) => {
      const key = index.find(pair[0]);
      if (key < 0) {
        part.touch(this.#add(pair));
      } else if (part.isTouched(key)) {
        try {
          values[key] = aggregator.mergeValue(values[key] as C, pair[1]);
        } catch (error) {
          throw functionFailed(operator, error);
        }
      } else {
        values[key] = this.#create(pair[1]);
        part.touch(key);
      }
    };
  }

  /** Takes what another table has made of the pairs of one input partition: each key once. */
  openCombined(): (key: K, value: C) => void {
    this.#close();
    this.#isFirst = false;
    const index = this.#index;
    // Before the first of them there is nothing to be found.
    if (index.keys.length === 0) return (key, value) => void this.#place(key, value);
    return (key, value) => {
      const known = index.find(key);
      if (known < 0) this.#place(key, value);
      else this.#join(known, value);
    };
  }

  /** To be called once, when all input partitions are through. */
  async finish(): Promise<void> {
    const part = this.#part;
    this.#part = undefined;
    if (part === undefined) return;
    for (const [i, key] of part.touched.entries()) {
      this.#takeUp(part, key);
      if (i % keysPerTurn === keysPerTurn - 1) await nextTurn();
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

  #add(pair: Pair<K, V>): number {
    assertPair(this.#operator, pair);
    const first = this.#create(pair[1]);
    this.#part?.values.push(first);
    return this.#place(pair[0], first);
  }

  #place(key: K, first: C): number {
    const partition = outputOf(this.#partitioner, key, this.#operator);
    const number = this.#index.add(key);
    this.#combined.push(first);
    this.#outputs[partition]?.push(number);
    return number;
  }

  #create(value: V): C {
    try {
      return this.#aggregator.create(value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }

  /** Joins what the current partition has made to what those before it made. */
  #close(): void {
    const part = this.#part;
    this.#part = undefined;
    if (part !== undefined) for (const key of part.touched) this.#takeUp(part, key);
  }

  #takeUp({ values, begin }: Part<C>, key: number): void {
    // A key that came with this partition has nothing before it.
    if (key < begin) this.#join(key, values[key] as C);
    else this.#combined[key] = values[key] as C;
  }

  #join(key: number, value: C): void {
    const join = this.#joining;
    if (join === undefined) return;
    try {
      this.#combined[key] = join(this.#combined[key] as C, value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }
}

/** What one input partition makes of keys, beside what those before it have made. */
class Part<C> {
  /** Of keys that the partition has not touched: whatever the lists hold there. */
  readonly values: C[];
  /** Keys with smaller numbers were there before. */
  readonly begin: number;
  readonly touched: number[] = [];
  #marks: Uint8Array;

  constructor(before: readonly C[]) {
    // A copy has the same kind of elements: numbers stay unboxed.
    this.values = before.slice();
    this.begin = before.length;
    this.#marks = new Uint8Array(Math.max(64, 2 * before.length));
  }

  isTouched(key: number): boolean {
    return this.#marks[key] === 1;
  }

  touch(key: number): void {
    if (key >= this.#marks.length) {
      const marks = new Uint8Array(2 * key);
      marks.set(this.#marks);
      this.#marks = marks;
    }
    this.#marks[key] = 1;
    this.touched.push(key);
  }
}

/** How what two tables made of a key is joined; undefined where they must not be. */
export function joinOf<V, C>(aggregator: Aggregator<V, C>): ((first: C, second: C) => C) | undefined {
  return aggregator.mergeCombiners?.bind(aggregator) ?? aggregator.join?.bind(aggregator);
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
