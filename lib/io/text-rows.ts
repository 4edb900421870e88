import type { Emit } from '../kernel/evaluation.ts';

/**
 * The elements of a block as texts in UTF-8, row by row, so that whoever looks only at the texts needs neither a record nor a text for each
 * of them. Valid as long as the block is.
 */
export interface TextRows<T = unknown> {
  /** The elements are the texts themselves; otherwise they are records, and the texts are their `value`. */
  readonly areTexts: boolean;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Row `i` is the `size[i]` bytes from `from[i]` on, in ascending order; a size of -1 is null. */
  readonly from: Int32Array;
  readonly size: Int32Array;
  /** The text of bytes, exactly as the element would have it. */
  textOf(from: number, size: number): string;
  /** Where these bytes come next in `[from, until)`; -1 when they do not. */
  find(pattern: Uint8Array, from: number, until: number): number;
  /** Emits every element in order. An error of `emit` leaves with the element's place in its `where`. */
  forEach(emit: Emit<T>): void;
  /** As `forEach`, for these rows. */
  emitRows(rows: Int32Array, emit: Emit<T>): void;
  /** An error of the work on a row, told also where the row came from. */
  located(error: unknown, row: number): unknown;
}
