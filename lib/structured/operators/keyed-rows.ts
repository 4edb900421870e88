import type { StateTable } from '../../store/state-table.ts';
import type { InternalRow } from '../types/data-type.ts';

/** Rows in one stored list: appending rewrites no more than these. */
const chunkRows = 16;

/** Rows with a mark each, by turns. */
type Chunk = (InternalRow | boolean)[];

/** Which chunks of a key there may be: `[first, next)`. */
type Head = readonly [first: number, next: number];

/** Where a chunk stands. */
export interface ChunkPlace {
  readonly key: InternalRow;
  readonly chunk: number;
}

/**
 * Rows under a key, in order of arrival, each with a mark. Rows are stored in short lists, so that appending to a key with many rows
 * costs as much as to one with few, and removing old rows touches only the lists that hold them.
 */
export class KeyedRows {
  readonly #heads: StateTable<InternalRow, Head>;
  readonly #chunks: StateTable<readonly [InternalRow, number], Chunk>;
  #total = 0;

  constructor(heads: StateTable<InternalRow, Head>, chunks: StateTable<readonly [InternalRow, number], Chunk>) {
    this.#heads = heads;
    this.#chunks = chunks;
    this.#chunks.forEach((_, chunk) => {
      this.#total += chunk.length / 2;
    });
  }

  get size(): number {
    return this.#total;
  }

  get keyCount(): number {
    return this.#heads.size;
  }

  has(key: InternalRow): boolean {
    return this.#heads.has(key);
  }

  /** Removes a key with all of its rows. Returns how many there were. */
  remove(key: InternalRow): number {
    const head = this.#heads.get(key);
    if (head === undefined) return 0;
    let count = 0;
    for (let at = head[0]; at < head[1]; at++) {
      count += (this.#chunks.get([key, at])?.length ?? 0) / 2;
      this.#chunks.remove([key, at]);
    }
    this.#heads.remove(key);
    this.#total -= count;
    return count;
  }

  /** Visits every chunk's rows: to build what is kept in memory beside the state. */
  forEachRow(visit: (row: InternalRow, place: ChunkPlace) => void): void {
    this.#chunks.forEach(([key, at], chunk) => {
      const place = { key, chunk: at };
      for (let i = 0; i < chunk.length; i += 2) visit(chunk[i] as InternalRow, place);
    });
  }

  append(key: InternalRow, row: InternalRow, isMarked: boolean): ChunkPlace {
    const head = this.#heads.get(key);
    let last = head === undefined ? 0 : head[1] - 1;
    let isFull = false;
    const add = (chunk: Chunk | undefined): Chunk => {
      if (chunk === undefined) return [row, isMarked];
      isFull = chunk.length >= 2 * chunkRows;
      if (!isFull) chunk.push(row, isMarked);
      return chunk;
    };
    this.#chunks.update([key, last], add);
    if (isFull) this.#chunks.put([key, ++last], [row, isMarked]);
    if (head === undefined || head[1] <= last) this.#heads.put(key, [head === undefined ? last : head[0], last + 1]);
    this.#total++;
    return { key, chunk: last };
  }

  /** Visits the rows of a key in order; `true` marks a row. `isDone` ends the visit early. */
  visit(key: InternalRow, visitor: (row: InternalRow, isMarked: boolean) => boolean, isDone?: () => boolean): void {
    const head = this.#heads.get(key);
    if (head === undefined) return;
    for (let at = head[0]; at < head[1]; at++) {
      const chunk = this.#chunks.get([key, at]);
      if (chunk === undefined) continue;
      let isChanged = false;
      for (let i = 0; i < chunk.length; i += 2) {
        const isMarked = chunk[i + 1] as boolean;
        if (visitor(chunk[i] as InternalRow, isMarked) && !isMarked) {
          chunk[i + 1] = true;
          isChanged = true;
        }
        if (isDone?.() === true) break;
      }
      if (isChanged) this.#chunks.put([key, at], chunk);
      if (isDone?.() === true) return;
    }
  }

  /** Removes the rows of one chunk for which `isOld` holds, and hands each to `removed`. */
  removeFrom(
    { key, chunk: at }: ChunkPlace,
    isOld: (row: InternalRow) => boolean,
    removed: (row: InternalRow, isMarked: boolean) => void,
  ): void {
    const chunk = this.#chunks.get([key, at]);
    if (chunk === undefined) return;
    const kept: Chunk = [];
    for (let i = 0; i < chunk.length; i += 2) {
      const row = chunk[i] as InternalRow;
      if (isOld(row)) removed(row, chunk[i + 1] as boolean);
      else kept.push(row, chunk[i + 1] as boolean);
    }
    if (kept.length === chunk.length) return;
    this.#total -= (chunk.length - kept.length) / 2;
    if (kept.length > 0) {
      this.#chunks.put([key, at], kept);
      return;
    }
    this.#chunks.remove([key, at]);
    this.#forgetFirst(key, at);
  }

  /** Keeps the list of chunks from growing at its old end. */
  #forgetFirst(key: InternalRow, emptied: number): void {
    const head = this.#heads.get(key);
    if (head === undefined || head[0] !== emptied) return;
    let first = emptied + 1;
    while (first < head[1] && !this.#chunks.has([key, first])) first++;
    if (first >= head[1]) this.#heads.remove(key);
    else this.#heads.put(key, [first, head[1]]);
  }
}
