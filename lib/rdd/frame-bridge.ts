import { raise } from '../kernel/errors.ts';
import type { DataFrame } from '../structured/data-frame.ts';
import type { StructType } from '../structured/types/data-type.ts';

/** Makes a DataFrame of rows that are at hand, in the current session. */
export type MakeFrame = (
  rows: readonly unknown[],
  schema: string | StructType | readonly string[] | undefined,
) => DataFrame;

let makeFrame: MakeFrame | undefined;

/** Done once, where the package is wired together: RDDs know DataFrames by type only. */
export function registerMakeFrame(make: MakeFrame): void {
  makeFrame = make;
}

/** The bridge of `RDD.toDF`. */
export function frameOf(rows: readonly unknown[], schema: Parameters<MakeFrame>[1]): DataFrame {
  if (makeFrame === undefined) raise('INTERNAL_INVARIANT', { what: 'nothing makes DataFrames of RDDs' });
  return makeFrame(rows, schema);
}
