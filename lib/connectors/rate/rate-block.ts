import type { ColumnarBlock, ColumnVector } from '../../io/columnar-block.ts';
import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';

/** The values `[first, end)` with a time for each. */
export class RateBlock implements ColumnarBlock<readonly [timestampUs: number, value: number]> {
  readonly #first: number;
  readonly #end: number;
  readonly #timeMs: (value: number) => number;

  constructor(first: number, end: number, timeMs: (value: number) => number) {
    this.#first = first;
    this.#end = end;
    this.#timeMs = timeMs;
  }

  get count(): number {
    return this.#end - this.#first;
  }

  get sizeBytes(): number {
    return this.count * 16;
  }

  forEach(emit: Emit<readonly [timestampUs: number, value: number]>): void {
    for (let value = this.#first; value < this.#end; value++) emit([this.#timeMs(value) * 1000, value]);
  }

  columns(names: readonly string[]): readonly ColumnVector[] {
    return names.map((name) => {
      if (name !== 'timestamp' && name !== 'value') {
        return raise('INTERNAL_INVARIANT', { what: `a rate source was asked for the column ${name}` });
      }
      const at = (i: number): number => (name === 'value' ? this.#first + i : this.#timeMs(this.#first + i) * 1000);
      return { kind: 'values', values: Array.from({ length: this.count }, (_, i) => at(i)) };
    });
  }

  whereOf(row: number): Readonly<Record<string, string | number>> {
    return { value: this.#first + row };
  }
}
