import type { StateTable } from './state-table.ts';

/** So many keys are one value of the table. */
const chunkLength = 512;

type ChunkKey = readonly [time: number, chunk: number];

/**
 * Keys filed under times: what falls due at a time is found without looking at any other key. Filing and taking cost as much as the
 * keys that are filed and taken, however many there are.
 *
 * The index knows nothing of what the keys stand for. A key may be filed more than once, and one that was filed may be gone when its
 * time comes: whoever takes it looks.
 */
export class ExpiryIndex<K> {
  readonly #chunks: StateTable<ChunkKey, readonly K[]>;
  /** Number of chunks under a time. */
  readonly #counts: StateTable<number, number>;

  constructor(chunks: StateTable<ChunkKey, readonly K[]>, counts: StateTable<number, number>) {
    this.#chunks = chunks;
    this.#counts = counts;
  }

  /** Files keys under a time, besides those that are there. */
  file(time: number, keys: readonly K[]): void {
    if (keys.length === 0) return;
    let count = this.#counts.get(time) ?? 0;
    for (let from = 0; from < keys.length; from += chunkLength) {
      this.#chunks.put([time, count], keys.slice(from, from + chunkLength));
      count += 1;
    }
    this.#counts.put(time, count);
  }

  /** Takes the keys of a time out, some at a time, in the order in which they were filed. */
  *take(time: number): Generator<readonly K[]> {
    const count = this.#counts.get(time) ?? 0;
    if (count === 0) return;
    this.#counts.remove(time);
    for (let chunk = 0; chunk < count; chunk++) {
      const keys = this.#chunks.get([time, chunk]) ?? [];
      this.#chunks.remove([time, chunk]);
      yield keys;
    }
  }

  /** Takes everything out. */
  clear(): void {
    this.#chunks.updateEach(() => null);
    this.#counts.updateEach(() => null);
  }
}
