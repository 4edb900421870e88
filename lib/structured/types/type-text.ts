import { quoteName } from '../sql/sql-string.ts';
import type { DataType } from './data-type.ts';

/** A type as Spark prints it in schemas and column names: `struct<id:int,tags:array<string>>`. */
export function typeText(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${type.precision})`;
    case 'array':
      return `array<${typeText(type.element)}>`;
    case 'map':
      return `map<${typeText(type.key)},${typeText(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type }) => `${name}:${typeText(type)}`).join(',')}>`;
    default:
      return type.range === undefined ? type.kind : `interval ${type.range}`;
  }
}

/** A type as it is written in SQL, and as Spark's errors name it: `STRUCT<id: INT NOT NULL>`. */
export function sqlTypeText(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `ARRAY<${sqlTypeText(type.element)}>`;
    case 'map':
      return `MAP<${sqlTypeText(type.key)}, ${sqlTypeText(type.value)}>`;
    case 'struct':
      return `STRUCT<${type.fields
        .map(({ name, type, nullable }) => `${quoteName(name)}: ${sqlTypeText(type)}${nullable ? '' : ' NOT NULL'}`)
        .join(', ')}>`;
    default:
      return typeText(type).toUpperCase();
  }
}

/** Whether two types are one, whatever may be null in them. */
export function sameType(a: DataType, b: DataType): boolean {
  return a === b || typeText(a) === typeText(b);
}
