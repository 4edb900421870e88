import type { ColumnarBlock, ColumnVector } from '../../io/columnar-block.ts';
import type { Emit } from '../../kernel/evaluation.ts';

/** Lines of one file: the column `value`, and for all of them alike the values of the partition that the file is in. */
export class LinesBlock implements ColumnarBlock<string> {
  readonly #lines: readonly string[];
  readonly #partition: ReadonlyMap<string, string | null>;
  readonly #where: (row: number) => Readonly<Record<string, string | number>>;

  constructor(
    lines: readonly string[],
    partition: ReadonlyMap<string, string | null>,
    where: (row: number) => Readonly<Record<string, string | number>>,
  ) {
    this.#lines = lines;
    this.#partition = partition;
    this.#where = where;
  }

  get count(): number {
    return this.#lines.length;
  }

  get sizeBytes(): number {
    return this.#lines.length * 8;
  }

  forEach(emit: Emit<string>): void {
    for (const line of this.#lines) emit(line);
  }

  columns(names: readonly string[]): readonly ColumnVector[] {
    return names.map((name) =>
      name === 'value'
        ? { kind: 'values', values: this.#lines }
        : { kind: 'constant', value: this.#partition.get(name) ?? null },
    );
  }

  whereOf(row: number): Readonly<Record<string, string | number>> {
    return this.#where(row);
  }
}
