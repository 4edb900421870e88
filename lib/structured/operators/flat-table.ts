import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { TextIndex } from './text-index.ts';

/**
 * The rows of a static table by column, those of one key next to each other: a row that finds its key has one more place in memory to
 * look at for each column that it needs, where a list of rows has four. For tables with one key that is a text.
 */
export class FlatTable {
  /** By key: where its rows begin; the one behind it says where they end. The last key has none: it stands for all that are not there. */
  readonly first: Int32Array;
  /** Values by row. */
  readonly columns: readonly (readonly InternalValue[])[];
  readonly #none: number;
  readonly #rows: ReadonlyMap<unknown, readonly InternalRow[]>;
  readonly #texts: TextIndex<number>;
  #keys: ReadonlyMap<unknown, number> | undefined;

  constructor(rows: ReadonlyMap<unknown, readonly InternalRow[]>, width: number) {
    const columns = Array.from({ length: width }, (): InternalValue[] => []);
    const texts: [string, number][] = [];
    this.first = new Int32Array(rows.size + 2);
    let key = 0;
    let count = 0;
    for (const [name, ofKey] of rows) {
      if (typeof name === 'string') texts.push([name, key]);
      for (const row of ofKey) columns.forEach((column, i) => column.push(row[i] ?? null));
      count += ofKey.length;
      this.first[++key] = count;
    }
    this.first[rows.size + 1] = count;
    this.#none = rows.size;
    this.columns = columns;
    this.#rows = rows;
    this.#texts = new TextIndex(texts);
  }

  /** The key whose bytes are `[start, end)`, all of them ASCII. */
  find(bytes: DataView, start: number, end: number): number {
    return this.#texts.find(bytes, start, end) ?? this.#none;
  }

  /** The key of a text, or of null where null equals null. */
  keyOf(text: InternalValue): number {
    this.#keys ??= new Map([...this.#rows.keys()].map((name, key) => [name, key]));
    return this.#keys.get(text) ?? this.#none;
  }
}
