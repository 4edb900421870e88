import { raise } from '../kernel/errors.ts';
import type { DataType, StructField, StructType } from './types/data-type.ts';

/**
 * The schema of rows that came without one: names from the objects, or given for arrays; types from the values. Whole numbers are
 * `bigint`, as in PySpark; a column of nulls only has no type and is refused.
 *
 * @example
 * inferSchema([{ id: 1, name: null }, { id: 2, name: 'b' }])   // => id BIGINT, name STRING
 */
export function inferSchema(rows: readonly unknown[], names?: readonly string[]): StructType {
  const records = rows.map((row) =>
    Array.isArray(row) ? byPosition(row as readonly unknown[], names) : (row as object),
  );
  const columns = names ?? [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    kind: 'struct',
    fields: columns.map((name): StructField => {
      const values = records.map((record) => (record as Readonly<Record<string, unknown>>)[name]);
      const type = values.map((value) => typeOf(value)).reduce(widened, { kind: 'void' });
      if (type === undefined || type.kind === 'void') return undetermined(name, type === undefined);
      return { name, type, nullable: true };
    }),
  };
}

function byPosition(row: readonly unknown[], names: readonly string[] = []): object {
  return Object.fromEntries(row.map((value, i) => [names[i] ?? `_${i + 1}`, value]));
}

function typeOf(value: unknown): DataType {
  if (value === null || value === undefined) return { kind: 'void' };
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'string') return { kind: 'string' };
  if (typeof value === 'bigint') return { kind: 'bigint' };
  if (typeof value === 'number') return { kind: Number.isSafeInteger(value) ? 'bigint' : 'double' };
  if (value instanceof Date) return { kind: 'timestamp' };
  if (value instanceof Uint8Array) return { kind: 'binary' };
  if (Array.isArray(value)) {
    const element = (value as readonly unknown[])
      .map((item) => typeOf(item))
      .reduce<DataType | undefined>(widened, { kind: 'void' });
    return { kind: 'array', element: element ?? { kind: 'string' }, containsNull: true };
  }
  return inferSchema([value]);
}

function widened(a: DataType | undefined, b: DataType | undefined): DataType | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.kind === 'void') return b;
  if (b.kind === 'void' || a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  return kinds.has('bigint') && kinds.has('double') ? { kind: 'double' } : undefined;
}

function undetermined(name: string, isMixed: boolean): never {
  return raise('QUERY_DATAFRAME_ARGUMENT', {
    method: 'createDataFrame',
    actual: isMixed ? `values of different types in the column ${name}` : `only nulls in the column ${name}`,
    expected: "a schema as its second argument: 'id INT, name STRING'",
  });
}
