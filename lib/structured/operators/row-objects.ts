import type { Attribute } from '../expressions/typed-expression.ts';
import type { InternalRow, StructType } from '../types/data-type.ts';
import { toExternal, toInternal } from '../types/conversion.ts';

/** A row as functions of the program see it. */
export type RowObject = Readonly<Record<string, unknown>>;

/** The struct of some columns. */
export function schemaOf(columns: readonly Attribute[]): StructType {
  return { kind: 'struct', fields: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
}

/** Makes row objects of a schema, without a prototype. */
export function rowWriter(schema: StructType): (row: InternalRow) => RowObject {
  const write = toExternal(schema);
  return (row) => write(row) as RowObject;
}

/** Reads row objects (or arrays by position) of a schema; what does not fit raises an error that names the field. */
export function rowReader(schema: StructType, zoneId: string, where: string): (value: unknown) => InternalRow {
  const read = toInternal(schema, zoneId, where);
  return (value) => read(value) as InternalRow;
}
