import type { Done, Emit } from '../kernel/evaluation.ts';
import { HashPartitioner, type Partitioner } from '../kernel/partitioner.ts';
import { raise } from '../kernel/errors.ts';
import { nextTurn } from '../kernel/turns.ts';
import { pushTurns } from './evaluate.ts';
import { functionFailed } from './function-failure.ts';
import { KeyDictionary } from './key-dictionary.ts';
import type { KeyColumns, NumberedColumns } from './key-columns.ts';
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
 * - One lookup for each record, in one index for all output partitions; the partitioner is asked once for each key.
 * - Keys of an output partition come in order of first appearance.
 * - Input partitions are opened one at a time, in order. Each is combined by itself and then joined to those before it: so a result, a sum
 *   of fractions too, is the same to the last digit wherever partitions are combined, here or in other threads.
 */
export class CombineTable<K, V, C> {
  readonly #index: KeyIndex<K>;
  /** What the input partitions up to the last one that was closed have made of each key. */
  #whole: Part<C>;
  readonly #joining: ((first: C, second: C) => C) | undefined;
  /** What the input partition at work makes, where others came before. */
  #part: Part<C> | undefined;
  /** Of the input partition before: to fill a new one with room for every key of the index takes as long as many a partition. */
  #spare: Part<C> | undefined;
  #isFirst = true;
  /** The keys of each output partition, by number in the index. */
  #outputs: readonly number[][];
  #columns: readonly NumberedColumns<K, C>[] = [];
  readonly #partitioner: Partitioner;
  readonly #aggregator: Aggregator<V, C>;
  readonly #operator: string;

  /** `index`: what keys are numbered by. It may know others already, and be in use for longer than this table. */
  constructor(
    partitioner: Partitioner,
    aggregator: Aggregator<V, C>,
    operator: string,
    index: KeyIndex<K> = new KeyIndex<K>(),
  ) {
    this.#index = index;
    this.#whole = new Part(index.keys.length);
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#joining = joinOf(aggregator);
    this.#operator = operator;
    this.#outputs = Array.from({ length: partitioner.numPartitions }, () => []);
  }

  /** How many different keys there are, once it is finished. */
  get size(): number {
    return this.#columns.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** Takes the pairs of one input partition. This is the hot loop of every `...ByKey`. */
  open(): Emit<Pair<K, V>> {
    this.#close();
    const isFirst = this.#isFirst || this.#aggregator.mergeCombiners === undefined;
    this.#isFirst = false;
    if (!isFirst) this.#part = this.#spare ?? new Part(this.#index.keys.length);
    const part = this.#part ?? this.#whole;
    const { values } = part;
    const index = this.#index;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    return (pair) => {
      const id = index.find(pair[0]);
      if (id < 0 || !part.has(id)) {
        this.#add(id, pair);
        return;
      }
      try {
        values[id] = aggregator.mergeValue(values[id] as C, pair[1]);
      } catch (error) {
        throw functionFailed(operator, error);
      }
    };
  }

  /** Takes what another table has made of the pairs of one input partition. */
  async take(columns: KeyColumns<K, C>): Promise<void> {
    this.#close();
    this.#isFirst = false;
    const numbers =
      columns.ids !== undefined && this.#index instanceof KeyDictionary
        ? this.#index.translate(columns.keys)
        : undefined;
    const { length } = columns.values;
    for (let from = 0; from < length; from += keysPerTurn) {
      if (from > 0) await nextTurn();
      this.#takeSome(columns, numbers, from, Math.min(length, from + keysPerTurn));
    }
  }

  /** To be called once, when all input partitions are through. */
  async finish(): Promise<void> {
    const part = this.#part;
    this.#part = undefined;
    if (part !== undefined) {
      for (let from = 0; from < part.ids.length; from += keysPerTurn) {
        if (from > 0) await nextTurn();
        this.#joinSome(part, from, Math.min(part.ids.length, from + keysPerTurn));
      }
    }
    const { values } = this.#whole;
    const { keys } = this.#index;
    this.#columns = this.#outputs.map((ids) => ({
      index: this.#index,
      keys,
      ids: Int32Array.from(ids),
      values: ids.map((id) => values[id] as C),
    }));
    // They have room for every key of the index; what is held from now on has none for others.
    this.#whole = new Part(0);
    this.#spare = undefined;
    this.#outputs = [];
  }

  /** Pushes the pairs of one output partition; each time fresh pairs. */
  read(partition: number, emit: Emit<[K, C]>): Done {
    const { copy } = this.#aggregator;
    const { keys, ids, values } = this.columns(partition);
    return pushTurns(values.length, (i) => {
      const value = values[i] as C;
      emit([keys[ids[i] as number] as K, copy === undefined ? value : copy(value)]);
    });
  }

  /** As `read`, without a pair for each key; values are not copied. */
  columns(partition: number): NumberedColumns<K, C> {
    return this.#columns[partition] ?? { index: this.#index, keys: [], ids: new Int32Array(0), values: [] };
  }

  /** The first pair of a key in its partition. */
  #add(known: number, pair: Pair<K, V>): void {
    assertPair(this.#operator, pair);
    const first = this.#create(pair[1]);
    const id = known < 0 ? this.#index.add(pair[0]) : known;
    if (this.#part === undefined) this.#keep(id, pair[0], first);
    else this.#part.put(id, first);
  }

  // Loops with nothing to wait for are methods of their own: within async functions they took several times as long.
  /** `numbers`: those that the keys have in the index here, where they are known. */
  #takeSome(columns: KeyColumns<K, C>, numbers: Int32Array | undefined, from: number, until: number): void {
    const { keys, ids, values } = columns;
    const index = this.#index;
    for (let i = from; i < until; i++) {
      const at = ids === undefined ? i : (ids[i] as number);
      const value = values[i] as C;
      const id = numbers === undefined ? index.numberOf(keys[at] as K) : (numbers[at] as number);
      if (this.#whole.has(id)) this.#join(id, value);
      else this.#keep(id, keys[at] as K, value);
    }
  }

  #joinSome({ ids, values }: Part<C>, from: number, until: number): void {
    const { keys } = this.#index;
    for (let i = from; i < until; i++) {
      const id = ids[i] as number;
      if (this.#whole.has(id)) this.#join(id, values[id] as C);
      else this.#keep(id, keys[id] as K, values[id] as C);
    }
  }

  #keep(id: number, key: K, value: C): void {
    const partition = partitionOfKey(this.#index, id, key, this.#partitioner, this.#operator);
    this.#whole.put(id, value);
    this.#outputs[partition]?.push(id);
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
    if (part === undefined) return;
    this.#joinSome(part, 0, part.ids.length);
    part.clear();
    this.#spare = part;
  }

  #join(id: number, value: C): void {
    const join = this.#joining;
    if (join === undefined) return;
    const { values } = this.#whole;
    try {
      values[id] = join(values[id] as C, value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }
}

/** What was made of some of the keys of an index. */
class Part<C> {
  /** By number in the index; of keys that are not in the part, whatever stands there. */
  readonly values: C[] = [];
  /** In order of first appearance. */
  readonly ids: number[] = [];
  #marks: Uint8Array;

  /** `keys`: how many the index has. */
  constructor(keys: number) {
    this.#marks = new Uint8Array(keys + 64);
    // A list with gaps is slower; of numbers it stays one of numbers.
    for (let id = 0; id < keys; id++) this.values.push(0 as C);
  }

  has(id: number): boolean {
    return this.#marks[id] === 1;
  }

  put(id: number, value: C): void {
    if (id >= this.#marks.length) {
      const marks = new Uint8Array(2 * id);
      marks.set(this.#marks);
      this.#marks = marks;
    }
    while (this.values.length <= id) this.values.push(value);
    this.values[id] = value;
    this.#marks[id] = 1;
    this.ids.push(id);
  }

  clear(): void {
    for (const id of this.ids) this.#marks[id] = 0;
    this.ids.length = 0;
  }
}

/** How what two tables made of a key is joined; undefined where they must not be. */
export function joinOf<V, C>(aggregator: Aggregator<V, C>): ((first: C, second: C) => C) | undefined {
  return aggregator.mergeCombiners?.bind(aggregator) ?? aggregator.join?.bind(aggregator);
}

/** The output partition of a key with a number; where the number lasts it is worked out once. */
export function partitionOfKey<K>(
  index: KeyIndex<K>,
  id: number,
  key: K,
  partitioner: Partitioner,
  operator: string,
): number {
  return index instanceof KeyDictionary && partitioner instanceof HashPartitioner
    ? index.partitionOf(id, partitioner)
    : outputOf(partitioner, key, operator);
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
