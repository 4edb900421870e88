import { parseDataType, parseFields } from '../sql/parse-type.ts';
import { TokenStream } from '../sql/token-stream.ts';
import type { DataType, StructField, StructType } from './data-type.ts';

/**
 * The schema of Spark's DDL text: `id INT, tags ARRAY<STRING> NOT NULL`, or `STRUCT<id: INT>`.
 *
 * @example
 * parseSchema('id INT, ts TIMESTAMP').fields.map((f) => f.name)   // => ['id', 'ts']
 */
export function parseSchema(text: string): StructType {
  const tokens = new TokenStream(text);
  if (tokens.peek().kind === 'end') return { kind: 'struct', fields: [] };
  if (tokens.at('STRUCT', '<') || tokens.at('STRUCT', '<>')) {
    const type = parseDataType(tokens);
    tokens.end();
    return type as StructType;
  }
  const fields = parseFields(tokens);
  tokens.end();
  return { kind: 'struct', fields };
}

/** One type: `BIGINT`, `MAP<STRING, DECIMAL(10, 2)>`. */
export function parseType(text: string): DataType {
  const tokens = new TokenStream(text);
  const type = parseDataType(tokens);
  tokens.end();
  return type;
}

/**
 * A schema built piece by piece.
 *
 * @example
 * struct([field('id', 'int', false), field('tags', 'array<string>')])
 */
export function struct(fields: readonly StructField[]): StructType {
  return { kind: 'struct', fields: [...fields] };
}

/** A field of `struct`; the type is DDL text or a type itself. */
export function field(name: string, type: string | DataType, nullable = true): StructField {
  return { name, type: typeof type === 'string' ? parseType(type) : type, nullable };
}
