import type { InternalRow } from '../types/data-type.ts';

/**
 * A column is judged after so many texts: one with more different ones than half of them shares nothing. Enough for a column of a
 * thousand texts in any order, which looks like one of different texts at first.
 */
const judgedAfter = 8192;

/**
 * Gives rows in which equal texts of a column are one string. Strings that are one are found in a `Map` by their address; those that are
 * only equal are compared character by character, for each row that is grouped by them.
 */
export class SharedTexts {
  readonly #columns: (Map<string, string> | undefined)[] = [];
  #rows = 0;

  of(row: InternalRow): InternalRow {
    if (++this.#rows === judgedAfter) this.#judge();
    return row.map((value, i) => (typeof value === 'string' ? this.#share(value, i) : value));
  }

  #share(value: string, column: number): string {
    if (column >= this.#columns.length) {
      while (this.#columns.length <= column) this.#columns.push(new Map());
    }
    const texts = this.#columns[column];
    if (texts === undefined) return value;
    const known = texts.get(value);
    if (known !== undefined) return known;
    texts.set(value, value);
    return value;
  }

  #judge(): void {
    this.#columns.forEach((texts, i) => {
      if (texts !== undefined && texts.size > judgedAfter / 2) this.#columns[i] = undefined;
    });
  }
}
