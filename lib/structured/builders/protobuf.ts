import type { Column } from '../expressions/column.ts';
import type { ColumnArgument } from './build.ts';
import { columnOf, valueOf } from './build.ts';
import { type FormatOptions, withOptions } from './json.ts';

/**
 * Bytes of a message of Protocol Buffers as a struct. `schema` is a serialized `FileDescriptorSet`, as `protoc --include_imports
 * --descriptor_set_out` writes it, or the text of one .proto file. Options: `mode` (FAILFAST, or PERMISSIVE for null),
 * `recursive.fields.max.depth`, `emit.default.values`, `enums.as.ints`, `upcast.unsigned.ints`, and `schemaRegistryUrl`,
 * `schemaRegistryAuth` (`user:password`), `schemaRegistryTimeoutMs` for values that begin with the id of a schema in a registry.
 *
 * @example
 * orders.select(fromProtobuf('value', 'shop.Order', readFileSync('shop.desc'), { mode: 'PERMISSIVE' }).alias('order'))
 */
export function fromProtobuf(
  bytes: ColumnArgument,
  message: string,
  schema: Uint8Array | string,
  options?: FormatOptions,
): Column {
  return withOptions('from_protobuf', [columnOf(bytes), valueOf(message), valueOf(schema)], options);
}

/** A struct as bytes of a message of Protocol Buffers, without a header of a registry. Null gives null, null fields are left out. */
export function toProtobuf(
  value: ColumnArgument,
  message: string,
  schema: Uint8Array | string,
  options?: FormatOptions,
): Column {
  return withOptions('to_protobuf', [columnOf(value), valueOf(message), valueOf(schema)], options);
}
