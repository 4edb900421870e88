import type { Long } from '../types/data-type.ts';

/** One second: entries that expire in the same second share a bucket. */
const bucketUs = 1_000_000;

interface Bucket<E> {
  readonly times: Long[];
  readonly entries: E[];
}

/**
 * What expires when. Taking what has expired costs what expires, and one look at the bucket of the boundary; the rest is not touched.
 *
 * It lives in memory and is built again from the state when a query starts. An entry is a hint: whoever takes it looks up in the
 * state whether it still holds.
 *
 * @example
 * index.add(5_000_000, 'a'); index.take(4_999_999, visit)   // visits nothing
 */
export class ExpiryIndex<E> {
  readonly #buckets = new Map<number, Bucket<E>>();
  /** A binary heap of the buckets' numbers. */
  readonly #heap: number[] = [];

  add(timeUs: Long, entry: E): void {
    const name = Math.floor(Number(timeUs) / bucketUs);
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { times: [], entries: [] };
      this.#buckets.set(name, bucket);
      this.#push(name);
    }
    bucket.times.push(timeUs);
    bucket.entries.push(entry);
  }

  /** Whether `take` would hand out anything. */
  has(untilUs: Long): boolean {
    const name = this.#heap[0];
    if (name === undefined) return false;
    const last = Math.floor(Number(untilUs) / bucketUs);
    if (name !== last) return name < last;
    return (this.#buckets.get(name) as Bucket<E>).times.some((time) => time <= untilUs);
  }

  /** Hands out and forgets every entry whose time is not after `untilUs`, bucket by bucket, oldest bucket first. */
  take(untilUs: Long, visit: (entry: E, timeUs: Long) => void): void {
    const last = Math.floor(Number(untilUs) / bucketUs);
    for (;;) {
      const name = this.#heap[0];
      if (name === undefined || name > last) return;
      const bucket = this.#buckets.get(name) as Bucket<E>;
      this.#pop();
      this.#buckets.delete(name);
      for (let i = 0; i < bucket.times.length; i++) {
        const time = bucket.times[i] as Long;
        const entry = bucket.entries[i] as E;
        if (time <= untilUs) visit(entry, time);
        else this.add(time, entry);
      }
      if (name === last) return;
    }
  }

  #push(name: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(name);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as number;
      if (above <= name) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = name;
  }

  #pop(): void {
    const heap = this.#heap;
    const moved = heap.pop() as number;
    const count = heap.length;
    if (count === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && (heap[child + 1] as number) < (heap[child] as number)) child++;
      const below = heap[child] as number;
      if (below >= moved) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = moved;
  }
}
