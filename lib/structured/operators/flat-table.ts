import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { isAsciiText, TextIndex } from './text-index.ts';

type Entry = readonly [name: unknown, rows: readonly InternalRow[]];

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
  readonly #names: readonly unknown[];
  readonly #texts: TextIndex<number>;
  #keys: ReadonlyMap<unknown, number> | undefined;

  constructor(rows: ReadonlyMap<unknown, readonly InternalRow[]>, width: number) {
    const columns = Array.from({ length: width }, (): InternalValue[] => []);
    const [byBytes, others] = [[] as Entry[], [] as Entry[]];
    for (const entry of rows) (typeof entry[0] === 'string' && isAsciiText(entry[0]) ? byBytes : others).push(entry);
    // Those that can be found by their bytes come first: their keys are their places in the index.
    const names = [...byBytes, ...others];
    this.first = new Int32Array(names.length + 2);
    let count = 0;
    names.forEach(([, ofKey], key) => {
      for (const row of ofKey) columns.forEach((column, i) => column.push(row[i] ?? null));
      count += ofKey.length;
      this.first[key + 1] = count;
    });
    this.first[names.length + 1] = count;
    this.#none = names.length;
    this.columns = columns;
    this.#names = names.map(([name]) => name);
    this.#texts = new TextIndex(byBytes.map(([name], key) => [name as string, key]));
  }

  /** The key whose bytes are `[start, end)`, all of them ASCII. */
  find(bytes: DataView, start: number, end: number): number {
    const key = this.#texts.indexOf(bytes, start, end);
    return key < 0 ? this.#none : key;
  }

  /** The key of a text, or of null where null equals null. */
  keyOf(text: InternalValue): number {
    this.#keys ??= new Map(this.#names.map((name, key) => [name, key]));
    return this.#keys.get(text) ?? this.#none;
  }
}
