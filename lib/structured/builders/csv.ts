import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, columnOf, valueOf } from './build.ts';
import { type FormatOptions, withOptions } from './json.ts';

/** A line of CSV as a struct. `schema` is DDL text. A value that does not fit is null; `mode` FAILFAST fails instead. */
export function fromCsv(text: ColumnArgument, schema: string | Column, options?: FormatOptions): Column {
  return withOptions('from_csv', [columnOf(text), valueOf(schema)], options);
}

/** A struct as a line of CSV. */
export function toCsv(values: ColumnArgument, options?: FormatOptions): Column {
  return withOptions('to_csv', [columnOf(values)], options);
}

/** The schema of a line of CSV that is a constant. */
export function schemaOfCsv(csv: string | Column, options?: FormatOptions): Column {
  return withOptions('schema_of_csv', [valueOf(csv)], options);
}
