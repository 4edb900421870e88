import { Column } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import type { DataType } from '../types/data-type.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { type ColumnArgument, call, columnOf, valueOf } from './build.ts';

/** Spark's options of a format: their values as texts, or what is written so. */
export type FormatOptions = Readonly<Record<string, string | number | boolean>>;

/** A call with the options of a format, whose values become texts. */
export function withOptions(name: string, args: readonly Expression[], options: FormatOptions | undefined): Column {
  if (options === undefined) return new Column({ kind: 'call', name, args });
  const texts = Object.fromEntries(Object.entries(options).map(([key, each]) => [key, String(each)]));
  return new Column({ kind: 'call', name, args, options: texts });
}

/**
 * A text of JSON as a struct, array or map. `schema` is a type or its DDL text. A field that does not fit is null; `mode` FAILFAST
 * fails instead, and a column `_corrupt_record` of the schema keeps the text.
 */
export function fromJson(text: ColumnArgument, schema: string | DataType | Column, options?: FormatOptions): Column {
  const type = schema instanceof Column || typeof schema === 'string' ? schema : sqlTypeText(schema);
  return withOptions('from_json', [columnOf(text), valueOf(type)], options);
}

/** A struct, array or map as a text of JSON. Null fields are left out unless `ignoreNullFields` is false. */
export function toJson(values: ColumnArgument, options?: FormatOptions): Column {
  return withOptions('to_json', [columnOf(values)], options);
}

/** The schema of a text of JSON that is a constant. */
export function schemaOfJson(json: string | Column, options?: FormatOptions): Column {
  return withOptions('schema_of_json', [valueOf(json)], options);
}

/** What a path like `$.a.b[0]` finds in a text of JSON, as text. */
export function getJsonObject(text: ColumnArgument, path: string | Column): Column {
  return call('get_json_object', columnOf(text), valueOf(path));
}

/** Several fields of a text of JSON at once: one column for each. */
export function jsonTuple(text: ColumnArgument, ...fields: readonly string[]): Column {
  return call('json_tuple', columnOf(text), ...fields.map((field) => valueOf(field)));
}

/** How many elements the array in a text of JSON has. */
export function jsonArrayLength(text: ColumnArgument): Column {
  return call('json_array_length', columnOf(text));
}

/** The keys of the object in a text of JSON. */
export function jsonObjectKeys(text: ColumnArgument): Column {
  return call('json_object_keys', columnOf(text));
}
