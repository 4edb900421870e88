import type { SortOrder } from '../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { comparatorOf } from '../types/ordering.ts';

/** A row with the values that it is sorted by. */
export interface KeyedRow {
  readonly row: InternalRow;
  readonly keys: readonly InternalValue[];
}

/** Compares rows by the values of a sort order; `keys[i]` belongs to `order[i]`. */
export function rowOrder(order: readonly SortOrder[]): (a: KeyedRow, b: KeyedRow) => number {
  const parts = order.map(({ child, ascending, nullsFirst }) => {
    const compare = comparatorOf(child.type);
    const sign = ascending ? 1 : -1;
    const nulls = nullsFirst ? -1 : 1;
    return (a: InternalValue, b: InternalValue): number => {
      if (a === null) return b === null ? 0 : nulls;
      if (b === null) return -nulls;
      return sign * compare(a, b);
    };
  });
  return (a, b) => {
    for (let i = 0; i < parts.length; i++) {
      const result = (parts[i] as (typeof parts)[number])(a.keys[i] as InternalValue, b.keys[i] as InternalValue);
      if (result !== 0) return result;
    }
    return 0;
  };
}
