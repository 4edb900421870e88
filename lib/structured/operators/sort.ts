import type { SortOrder } from '../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';
import { type KeyedRow, rowOrder } from './row-order.ts';

/** Gives the rows of a batch in order; rows that are equal in it stay in order of arrival. */
export class Sort implements PhysicalOperator {
  readonly #compare: (a: KeyedRow, b: KeyedRow) => number;
  readonly #keysOf: (row: InternalRow) => readonly InternalValue[];
  readonly #emit: RowSink;
  #rows: KeyedRow[] = [];

  constructor(order: readonly SortOrder[], keysOf: (row: InternalRow) => readonly InternalValue[], emit: RowSink) {
    this.#compare = rowOrder(order);
    this.#keysOf = keysOf;
    this.#emit = emit;
  }

  begin(): void {
    this.#rows = [];
  }

  input(): RowSink {
    return (row) => {
      this.#rows.push({ row, keys: this.#keysOf(row) });
    };
  }

  finish(): void {
    for (const { row } of this.#rows.toSorted(this.#compare)) this.#emit(row);
    this.#rows = [];
  }
}
