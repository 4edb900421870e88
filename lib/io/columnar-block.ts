import type { RecordBlock } from './source.ts';

/** One column of a block: values by row. `undefined` never occurs; absent is `null`. */
export type ColumnVector =
  | { readonly kind: 'values'; readonly values: ArrayLike<unknown> }
  /** Row `i` is `bytes[from[i], until[i])`; `until < from` is null. The bytes are not changed before `release`. */
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly from: ArrayLike<number>;
      readonly until: ArrayLike<number>;
    }
  | { readonly kind: 'constant'; readonly value: unknown };

/** A block that the structured engine can read by column, without an object for each record. */
export interface ColumnarBlock<R = unknown> extends RecordBlock<R> {
  /** The columns of these names, in this order, as the internal values of their types in the source's schema. */
  columns(names: readonly string[]): readonly ColumnVector[];
  /** Where a row came from, for errors: topic, partition and offset, or file and line. */
  whereOf(row: number): Readonly<Record<string, string | number>>;
}
