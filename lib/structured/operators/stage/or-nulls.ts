import type { InternalRow } from '../../types/data-type.ts';

/** The rows of an outer generator: one of nulls when there is none. */
export function* orNulls(rows: Iterable<InternalRow>, width: number): Generator<InternalRow> {
  let hasRows = false;
  for (const row of rows) {
    hasRows = true;
    yield row;
  }
  if (!hasRows) yield Array.from({ length: width }, () => null);
}
