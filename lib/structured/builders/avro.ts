import type { Column } from '../expressions/column.ts';
import type { ColumnArgument } from './build.ts';
import { call, columnOf, valueOf } from './build.ts';
import { type FormatOptions, withOptions } from './json.ts';

/**
 * Bytes of Avro as a value, by the JSON text of a schema. Options: `mode` (FAILFAST, or PERMISSIVE for nulls), `avroSchema` (the schema to
 * read with, where the other is what was written), `schemaRegistryUrl`, `schemaRegistryAuth` (`user:password`) and
 * `schemaRegistryTimeoutMs` for values that begin with the id of a schema in a registry.
 *
 * @example
 * orders.select(fromAvro('value', schema, { schemaRegistryUrl: 'http://localhost:8081' }).alias('order'))
 */
export function fromAvro(bytes: ColumnArgument, schema: string, options?: FormatOptions): Column {
  return withOptions('from_avro', [columnOf(bytes), valueOf(schema)], options);
}

/** A value as bytes of Avro, in a schema or in the one that its type has in Spark. A null value gives null. */
export function toAvro(value: ColumnArgument, schema?: string): Column {
  return call('to_avro', columnOf(value), ...(schema === undefined ? [] : [valueOf(schema)]));
}
