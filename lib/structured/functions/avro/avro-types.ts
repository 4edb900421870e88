import type { DataType, StructField } from '../../types/data-type.ts';
import { arrayType, atomic, decimalType } from '../../types/type-classes.ts';
import type { AvroType } from './avro-schema.ts';

/** Spark's type of a schema of Avro, and whether it may be null. */
export function sqlTypeOfAvro(type: AvroType): { readonly type: DataType; readonly nullable: boolean } {
  switch (type.kind) {
    case 'null':
      return { type: atomic('void'), nullable: true };
    case 'int':
      return required(atomic(type.logical === 'date' ? 'date' : 'int'));
    case 'long':
      return required(atomic(timeKinds[type.logical ?? ''] ?? 'bigint'));
    case 'bytes':
    case 'fixed':
      return required(type.decimal === undefined ? atomic('binary') : decimalOf(type.decimal));
    case 'enum':
      return required(atomic('string'));
    case 'array': {
      const items = sqlTypeOfAvro(type.items);
      return required(arrayType(items.type, items.nullable));
    }
    case 'map': {
      const values = sqlTypeOfAvro(type.values);
      return required({
        kind: 'map',
        key: atomic('string'),
        value: values.type,
        valueContainsNull: values.nullable,
      });
    }
    case 'record':
      return required({
        kind: 'struct',
        fields: type.fields.map((field): StructField => ({ name: field.name, ...sqlTypeOfAvro(field.type) })),
      });
    case 'union':
      return unionType(type.branches);
    default:
      return required(atomic(type.kind));
  }
}

function required(type: DataType): { readonly type: DataType; readonly nullable: boolean } {
  return { type, nullable: false };
}

function decimalOf({ precision, scale }: { readonly precision: number; readonly scale: number }): DataType {
  return decimalType(precision, scale);
}

const timeKinds: Readonly<Record<string, 'timestamp' | 'timestamp_ntz'>> = {
  'timestamp-millis': 'timestamp',
  'timestamp-micros': 'timestamp',
  'local-timestamp-millis': 'timestamp_ntz',
  'local-timestamp-micros': 'timestamp_ntz',
};

/**
 * A union with null is nullable; int and long are bigint, float and double are double; other unions are a struct with a field for each
 * branch, `member0`, `member1`, of which one is not null.
 */
function unionType(branches: readonly AvroType[]): { readonly type: DataType; readonly nullable: boolean } {
  const others = branchesOf(branches);
  const nullable = others.length < branches.length;
  const [only] = others;
  if (only === undefined) return { type: atomic('void'), nullable: true };
  if (others.length === 1) return { type: sqlTypeOfAvro(only).type, nullable };
  const merged = mergedNumber(others);
  if (merged !== undefined) return { type: atomic(merged), nullable };
  const fields = others.map((branch, i): StructField => ({
    name: `member${i}`,
    type: sqlTypeOfAvro(branch).type,
    nullable: true,
  }));
  return { type: { kind: 'struct', fields }, nullable };
}

/** The branches that are not null. */
export function branchesOf(branches: readonly AvroType[]): readonly AvroType[] {
  return branches.filter(({ kind }) => kind !== 'null');
}

/** The one type of a union of numbers. */
export function mergedNumber(branches: readonly AvroType[]): 'bigint' | 'double' | undefined {
  const kinds = branches
    .map(({ kind }) => kind)
    .toSorted()
    .join(' ');
  return kinds === 'int long' ? 'bigint' : kinds === 'double float' ? 'double' : undefined;
}
