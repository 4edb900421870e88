import type { ColumnarBlock, ColumnVector } from './columnar-block.ts';
import { raise } from '../kernel/errors.ts';
import type { Emit } from '../kernel/evaluation.ts';

/** Rows at hand as a block: values by position, names by position. */
export class RowsBlock implements ColumnarBlock<readonly unknown[]> {
  readonly #names: readonly string[];
  readonly #rows: readonly (readonly unknown[])[];
  readonly #where: (row: number) => Readonly<Record<string, string | number>>;

  constructor(
    names: readonly string[],
    rows: readonly (readonly unknown[])[],
    where: (row: number) => Readonly<Record<string, string | number>>,
  ) {
    this.#names = names;
    this.#rows = rows;
    this.#where = where;
  }

  get count(): number {
    return this.#rows.length;
  }

  get sizeBytes(): number {
    return this.#rows.length * this.#names.length * 8;
  }

  forEach(emit: Emit<readonly unknown[]>): void {
    for (const row of this.#rows) emit(row);
  }

  columns(names: readonly string[]): readonly ColumnVector[] {
    return names.map((name) => {
      const at = this.#names.indexOf(name);
      if (at < 0) raise('INTERNAL_INVARIANT', { what: `a block was asked for the column ${name}` });
      return { kind: 'values', values: this.#rows.map((row) => row[at] ?? null) };
    });
  }

  whereOf(row: number): Readonly<Record<string, string | number>> {
    return this.#where(row);
  }
}
