import type { CompareRecord, ResultRow } from '../run-model.ts';

/** A count with the records in it, which a DStream program carries along. */
export interface Counted {
  readonly count: number;
  readonly records: readonly number[];
}

/** @example one({ id: 4, ... })   // => { count: 1, records: [4] } */
export function one({ id }: CompareRecord): Counted {
  return { count: 1, records: [id] };
}

/** @example add({ count: 1, records: [4] }, { count: 2, records: [1, 5] })   // => { count: 3, records: [4, 1, 5] } */
export function add(left: Counted, right: Counted): Counted {
  return { count: left.count + right.count, records: [...left.records, ...right.records] };
}

/** The row of a key in the window of arrival time that ends with a batch. */
export function countedRow(key: string, counted: Counted, batchMs: number, windowMs: number): ResultRow {
  return {
    label: key,
    window: { fromMs: batchMs - windowMs, untilMs: batchMs },
    value: counted.count,
    records: counted.records.toSorted((a, b) => a - b),
  };
}
