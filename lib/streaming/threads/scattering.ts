import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { outputOf, partitionOfKey } from '../../rdd/combine-table.ts';
import type { NumberedColumns } from '../../rdd/key-columns.ts';
import { buffersOf, pack, Unsendable } from '../../rdd/packed.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import type { Columns } from './exchange.ts';
import type { SentKeys } from './key-news.ts';
import type { Bucket } from './messages.ts';

/** The thread that has a partition of what is shared out by key. Fixed for the time that a program runs, and nothing that a checkpoint knows. */
export function placeOf(partition: number, count: number): number {
  return partition % count;
}

/** Memory that goes to another thread with a bucket. */
export function memoryOf(bucket: Bucket): ArrayBuffer[] {
  const values = buffersOf(bucket.values);
  if (bucket.kind === 'combined') return [...values, ...buffersOf(bucket.news.added), bucket.ids.buffer as ArrayBuffer];
  return [...values, ...buffersOf(bucket.keys), bucket.numbers.buffer as ArrayBuffer];
}

/** What one input partition has for the threads. */
export interface Scattered {
  columnsFor(place: number): Columns;
  /** What is for another thread, packed. */
  bucketFor(place: number): Bucket | Unsendable;
}

/** The pairs of one input partition, shared out one by one to the threads that have the partitions of their keys. */
export class ScatteredPairs implements Scattered {
  readonly #operator: string;
  readonly #count: number;
  readonly #keys: unknown[][];
  readonly #values: unknown[][];
  /** By thread: the numbers of the pairs in the partition. */
  readonly #numbers: number[][];
  #read = 0;

  constructor(operator: string, count: number) {
    this.#operator = operator;
    this.#count = count;
    this.#keys = Array.from({ length: count }, () => []);
    this.#values = Array.from({ length: count }, () => []);
    this.#numbers = Array.from({ length: count }, () => []);
  }

  by(partitioner: Partitioner): Emit<Pair<unknown, unknown>> {
    return (pair) => {
      assertPair(this.#operator, pair);
      const to = placeOf(outputOf(partitioner, pair[0], this.#operator), this.#count);
      this.#keys[to]?.push(pair[0]);
      this.#values[to]?.push(pair[1]);
      this.#numbers[to]?.push(this.#read);
      this.#read += 1;
    };
  }

  columnsFor(place: number): Columns {
    const keys = this.#keys[place] ?? [];
    return { keys, ids: undefined, values: this.#values[place] ?? [], numbers: this.#numbersFor(place) };
  }

  bucketFor(place: number): Bucket | Unsendable {
    const keys = pack(this.#keys[place] ?? []);
    if (keys instanceof Unsendable) return keys;
    const values = pack(this.#values[place] ?? []);
    return values instanceof Unsendable ? values : { kind: 'pairs', keys, values, numbers: this.#numbersFor(place) };
  }

  #numbersFor(place: number): Int32Array {
    return Int32Array.from(this.#numbers[place] ?? []);
  }
}

export interface ScatteredColumnsOptions {
  readonly operator: string;
  readonly partitioner: Partitioner;
  /** Of threads. */
  readonly count: number;
  /** By thread: the keys that it has heard of. */
  readonly sentTo: (place: number) => SentKeys;
  /** What names the keys there. */
  readonly name: string;
}

/** What was combined of one input partition, shared out to the threads that have the partitions of the keys. Each key crosses once, then its number. */
export class ScatteredColumns implements Scattered {
  readonly #options: ScatteredColumnsOptions;
  readonly #columns: NumberedColumns<unknown, unknown>;
  readonly #ids: number[][];
  readonly #values: unknown[][];

  constructor(columns: NumberedColumns<unknown, unknown>, options: ScatteredColumnsOptions) {
    this.#columns = columns;
    this.#options = options;
    const { operator, partitioner, count } = options;
    this.#ids = Array.from({ length: count }, () => []);
    this.#values = Array.from({ length: count }, () => []);
    const { index, keys, ids, values } = columns;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const to = placeOf(partitionOfKey(index, id, keys[id], partitioner, operator), count);
      this.#ids[to]?.push(id);
      this.#values[to]?.push(values[i]);
    }
  }

  columnsFor(place: number): Columns {
    const { keys } = this.#columns;
    return { keys, ids: Int32Array.from(this.#ids[place] ?? []), values: this.#values[place] ?? [] };
  }

  bucketFor(place: number): Bucket | Unsendable {
    const { name, sentTo } = this.#options;
    const values = pack(this.#values[place] ?? []);
    if (values instanceof Unsendable) return values;
    const news = sentTo(place).newsOf(name, this.#columns.keys);
    if (news instanceof Unsendable) return news;
    sentTo(place).sent(name);
    return { kind: 'combined', news, ids: Int32Array.from(this.#ids[place] ?? []), values };
  }
}
