import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { outputOf } from '../../rdd/combine-table.ts';
import type { NumberedColumns } from '../../rdd/key-columns.ts';
import { buffersOf, pack, Unsendable } from '../../rdd/packed.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import type { Columns } from './exchange.ts';
import type { Bucket } from './messages.ts';

/** The thread that has a partition of what is shared out by key. Fixed for the time that a program runs, and nothing that a checkpoint knows. */
export function placeOf(partition: number, count: number): number {
  return partition % count;
}

/** Memory that goes to another thread with a bucket. */
export function memoryOf({ keys, values, numbers }: Bucket): ArrayBuffer[] {
  const own = numbers === undefined ? [] : [numbers.buffer as ArrayBuffer];
  return [...buffersOf(keys), ...buffersOf(values), ...own];
}

/** The pairs of one input partition, shared out to the threads that have the partitions of their keys. */
export class Scattering {
  readonly #operator: string;
  readonly #count: number;
  readonly #keys: unknown[][];
  readonly #values: unknown[][];
  /** By thread: the numbers of the pairs in the partition, where they come one by one. */
  readonly #numbers: number[][];
  #read = 0;

  constructor(operator: string, count: number) {
    this.#operator = operator;
    this.#count = count;
    this.#keys = Array.from({ length: count }, () => []);
    this.#values = Array.from({ length: count }, () => []);
    this.#numbers = Array.from({ length: count }, () => []);
  }

  /** Takes pairs one by one. */
  by(partitioner: Partitioner): Emit<Pair<unknown, unknown>> {
    return (pair) => {
      assertPair(this.#operator, pair);
      const to = this.#add(partitioner, pair[0], pair[1]);
      this.#numbers[to]?.push(this.#read);
      this.#read += 1;
    };
  }

  /** Takes pairs by column. */
  take(partitioner: Partitioner, { keys, ids, values }: NumberedColumns<unknown, unknown>): void {
    for (let i = 0; i < ids.length; i++) this.#add(partitioner, keys[ids[i] as number], values[i]);
  }

  columnsFor(place: number): Columns {
    const keys = this.#keys[place] ?? [];
    return { keys, ids: undefined, values: this.#values[place] ?? [], numbers: this.#numbersFor(place) };
  }

  /** What is for other threads than that of `place`, packed. */
  bucketsBeside(place: number): readonly Bucket[] | Unsendable {
    const buckets: Bucket[] = [];
    for (let to = 0; to < this.#count; to++) {
      if (to === place) continue;
      const keys = pack(this.#keys[to] ?? []);
      if (keys instanceof Unsendable) return keys;
      const values = pack(this.#values[to] ?? []);
      if (values instanceof Unsendable) return values;
      const numbers = this.#numbersFor(to);
      buckets.push(numbers === undefined ? { to, keys, values } : { to, keys, values, numbers });
    }
    return buckets;
  }

  #numbersFor(place: number): Int32Array | undefined {
    const numbers = this.#numbers[place] ?? [];
    return numbers.length === 0 ? undefined : Int32Array.from(numbers);
  }

  #add(partitioner: Partitioner, key: unknown, value: unknown): number {
    const to = placeOf(outputOf(partitioner, key, this.#operator), this.#count);
    this.#keys[to]?.push(key);
    this.#values[to]?.push(value);
    return to;
  }
}
