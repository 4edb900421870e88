import type { Emit } from '../kernel/evaluation.ts';
import type { ColumnarBlock, ColumnVector } from './columnar-block.ts';

/** The rows `[from, until)` of a block, which must outlive the slice. Gives nothing back to the source: that is left to the block's owner. */
export class BlockSlice<R> implements ColumnarBlock<R> {
  readonly #block: ColumnarBlock<R>;
  readonly #from: number;
  readonly count: number;

  constructor(block: ColumnarBlock<R>, from: number, until: number) {
    this.#block = block;
    this.#from = from;
    this.count = until - from;
  }

  get sizeBytes(): number {
    return this.#block.count === 0 ? 0 : Math.ceil((this.#block.sizeBytes * this.count) / this.#block.count);
  }

  forEach(emit: Emit<R>): void {
    let at = 0;
    this.#block.forEach((record) => {
      if (at >= this.#from && at < this.#from + this.count) emit(record);
      at++;
    });
  }

  columns(names: readonly string[]): readonly ColumnVector[] {
    return this.#block.columns(names).map((vector): ColumnVector => {
      if (vector.kind === 'constant') return vector;
      if (vector.kind === 'values') return { kind: 'values', values: this.#part(vector.values) };
      const { kind, bytes, from, until } = vector;
      return { kind, bytes, from: this.#part(from), until: this.#part(until) };
    });
  }

  whereOf(row: number): Readonly<Record<string, string | number>> {
    return this.#block.whereOf(this.#from + row);
  }

  #part<T>(all: ArrayLike<T>): readonly T[] {
    return Array.from({ length: this.count }, (_, i) => all[this.#from + i] as T);
  }
}
