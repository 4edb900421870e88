import { raise } from '../../../kernel/errors.ts';
import { typeText } from '../../types/type-text.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AvroType } from './avro-schema.ts';

/** The schema of Avro that Spark writes a type with when none is given. Names do not matter: they are not in the bytes. */
export function avroOfType(type: DataType, nullable: boolean): AvroType {
  const avro = required(type);
  return nullable ? { kind: 'union', branches: [avro, { kind: 'null' }] } : avro;
}

function required(type: DataType): AvroType {
  switch (type.kind) {
    case 'boolean':
    case 'float':
    case 'double':
    case 'string':
      return { kind: type.kind };
    case 'tinyint':
    case 'smallint':
    case 'int':
      return { kind: 'int' };
    case 'date':
      return { kind: 'int', logical: 'date' };
    case 'bigint':
      return { kind: 'long' };
    case 'timestamp':
      return { kind: 'long', logical: 'timestamp-micros' };
    case 'timestamp_ntz':
      return { kind: 'long', logical: 'local-timestamp-micros' };
    case 'binary':
      return { kind: 'bytes' };
    case 'decimal': {
      const { precision, scale } = type;
      return { kind: 'fixed', name: 'fixed', size: bytesFor(precision), decimal: { precision, scale } };
    }
    case 'array':
      return { kind: 'array', items: avroOfType(type.element, type.containsNull) };
    case 'map':
      if (type.key.kind !== 'string') return unsupported(type);
      return { kind: 'map', values: avroOfType(type.value, type.valueContainsNull) };
    case 'struct':
      return {
        kind: 'record',
        name: 'topLevelRecord',
        fields: type.fields.map((field) => ({
          name: field.name,
          aliases: [],
          type: avroOfType(field.type, field.nullable),
        })),
      };
    default:
      return unsupported(type);
  }
}

function unsupported(type: DataType): never {
  return raise('AVRO_SCHEMA_INVALID', { problem: `there is no type of Avro for ${typeText(type)}` });
}

/** The least bytes that hold every number of so many digits, with its sign. */
function bytesFor(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) < 10n ** BigInt(precision)) bytes++;
  return bytes;
}
