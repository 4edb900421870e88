import type { Emit } from '../../kernel/evaluation.ts';
import type { TextRows } from '../../io/text-rows.ts';

/** Rows made of other rows: where each lies, and which of the others it comes from (`origin`, the same number where left out). */
interface Derivation {
  readonly from: Int32Array;
  readonly size: Int32Array;
  readonly origin?: Int32Array;
}

/** Some of the rows, as they are. */
export class SelectedRows<T> implements TextRows<T> {
  readonly areTexts: boolean;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly from: Int32Array;
  readonly size: Int32Array;
  readonly #all: TextRows<T>;
  readonly #rows: Int32Array;

  constructor(all: TextRows<T>, rows: Int32Array) {
    this.areTexts = all.areTexts;
    this.bytes = all.bytes;
    this.count = rows.length;
    this.#all = all;
    this.#rows = rows;
    const { from, size } = all;
    this.from = rows.map((row) => from[row] as number);
    this.size = rows.map((row) => size[row] as number);
  }

  textOf(from: number, size: number): string {
    return this.#all.textOf(from, size);
  }

  find(pattern: Uint8Array, from: number, until: number): number {
    return this.#all.find(pattern, from, until);
  }

  forEach(emit: Emit<T>): void {
    this.#all.emitRows(this.#rows, emit);
  }

  emitRows(rows: Int32Array, emit: Emit<T>): void {
    this.#all.emitRows(
      rows.map((row) => this.#rows[row] as number),
      emit,
    );
  }

  located(error: unknown, row: number): unknown {
    return this.#all.located(error, this.#rows[row] as number);
  }
}

/** Parts of the texts of other rows: the elements are texts. */
export class PartRows implements TextRows<string | null> {
  readonly areTexts = true;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly from: Int32Array;
  readonly size: Int32Array;
  readonly #whole: TextRows;
  readonly #origin: Int32Array | undefined;

  constructor(whole: TextRows, { from, size, origin }: Derivation) {
    this.count = from.length;
    this.bytes = whole.bytes;
    this.from = from;
    this.size = size;
    this.#whole = whole;
    this.#origin = origin;
  }

  textOf(from: number, size: number): string {
    return this.#whole.textOf(from, size);
  }

  find(pattern: Uint8Array, from: number, until: number): number {
    return this.#whole.find(pattern, from, until);
  }

  forEach(emit: Emit<string | null>): void {
    for (let row = 0; row < this.count; row++) this.#emit(row, emit);
  }

  emitRows(rows: Int32Array, emit: Emit<string | null>): void {
    for (const row of rows) this.#emit(row, emit);
  }

  located(error: unknown, row: number): unknown {
    return this.#whole.located(error, this.#origin?.[row] ?? row);
  }

  #emit(row: number, emit: Emit<string | null>): void {
    const size = this.size[row] as number;
    const text = size < 0 ? null : this.#whole.textOf(this.from[row] as number, size);
    try {
      emit(text);
    } catch (error) {
      throw this.located(error, row);
    }
  }
}
