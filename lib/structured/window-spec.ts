import { type ColumnOrName, columnExpression, sortOf } from './expressions/column.ts';
import type { WindowSpecification } from './expressions/expression.ts';

/**
 * Over which rows a window function is computed: immutable, built from `Window`.
 *
 * @example
 * F.rowNumber().over(Window.partitionBy('user').orderBy(col('ts').desc()))
 */
export class WindowSpec {
  readonly specification: WindowSpecification;

  constructor(specification: WindowSpecification) {
    this.specification = specification;
  }

  partitionBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    const partitionBy = columns.flat().map((column) => columnExpression(column, 'partitionBy'));
    return new WindowSpec({ ...this.specification, partitionBy });
  }

  orderBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    return new WindowSpec({ ...this.specification, orderBy: columns.flat().map((column) => sortOf(column)) });
  }

  /** Rows from so many before to so many behind the current one; `Window.unboundedPreceding` and such are bounds too. */
  rowsBetween(from: number, until: number): WindowSpec {
    return new WindowSpec({ ...this.specification, frame: { unit: 'rows', from: bound(from), until: bound(until) } });
  }

  /** Rows whose order value differs by no more than these from the current row's. */
  rangeBetween(from: number, until: number): WindowSpec {
    return new WindowSpec({ ...this.specification, frame: { unit: 'range', from: bound(from), until: bound(until) } });
  }
}

const everything = new WindowSpec({ partitionBy: [], orderBy: [] });

/** Builds window specifications. */
export const Window = {
  unboundedPreceding: -Infinity,
  unboundedFollowing: Infinity,
  currentRow: 0,
  partitionBy: (...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec =>
    everything.partitionBy(...columns),
  orderBy: (...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec =>
    everything.orderBy(...columns),
  rowsBetween: (from: number, until: number): WindowSpec => everything.rowsBetween(from, until),
  rangeBetween: (from: number, until: number): WindowSpec => everything.rangeBetween(from, until),
} as const;

/** Spark's bounds are the ends of 64 bits: anything near them is unbounded. */
function bound(offset: number): number {
  return Math.abs(offset) >= 2 ** 53 ? Math.sign(offset) * Infinity : offset;
}
