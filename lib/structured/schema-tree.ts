import type { DataType, StructType } from './types/data-type.ts';
import { typeText } from './types/type-text.ts';

/**
 * A schema as Spark's `printSchema` prints it.
 *
 * @example
 * schemaTree(parseSchema('id INT'))   // => 'root\n |-- id: integer (nullable = true)\n'
 */
export function schemaTree(schema: StructType): string {
  return `root\n${fieldLines(schema, ' |')}`;
}

function fieldLines(schema: StructType, prefix: string): string {
  return schema.fields
    .map(
      ({ name, type, nullable }) =>
        `${prefix}-- ${name}: ${typeName(type)} (nullable = ${nullable})\n${below(type, prefix)}`,
    )
    .join('');
}

function below(type: DataType, prefix: string): string {
  const inner = `${prefix}    |`;
  switch (type.kind) {
    case 'struct':
      return fieldLines(type, inner);
    case 'array':
      return `${inner}-- element: ${typeName(type.element)} (containsNull = ${type.containsNull})\n${below(type.element, inner)}`;
    case 'map':
      return `${inner}-- key: ${typeName(type.key)}\n${below(type.key, inner)}${inner}-- value: ${typeName(type.value)} (valueContainsNull = ${type.valueContainsNull})\n${below(type.value, inner)}`;
    default:
      return '';
  }
}

const names: Readonly<Record<string, string>> = { tinyint: 'byte', smallint: 'short', int: 'integer', bigint: 'long' };

function typeName(type: DataType): string {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') return type.kind;
  return names[type.kind] ?? typeText(type);
}
