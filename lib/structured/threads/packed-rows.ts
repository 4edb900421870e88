import type { InternalRow, InternalValue, MapValue } from '../types/data-type.ts';

/** One column on its way to another thread. Numbers travel in an array of their own; what else there is, is copied. */
type PackedColumn =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  /** Structs of one width, none of them null: windows. */
  | { readonly kind: 'structs'; readonly fields: readonly PackedColumn[] }
  | { readonly kind: 'values'; readonly values: readonly InternalValue[] };

/** Rows by column. */
export interface PackedRows {
  readonly count: number;
  readonly columns: readonly PackedColumn[];
}

export function packRows(rows: readonly InternalRow[], width: number): PackedRows {
  return {
    count: rows.length,
    columns: Array.from({ length: width }, (_, at) => packColumn(rows.map((row) => row[at] ?? null))),
  };
}

export function unpackRows({ count, columns }: PackedRows): InternalValue[][] {
  const values = columns.map((column) => unpackColumn(column, count));
  return Array.from({ length: count }, (_, i) => values.map((column) => column[i] as InternalValue));
}

/** The buffers to hand over with the rows. */
export function buffersIn({ columns }: PackedRows): readonly ArrayBuffer[] {
  return columns.flatMap(buffersOfColumn);
}

function buffersOfColumn(column: PackedColumn): readonly ArrayBuffer[] {
  // Made here, with memory of its own.
  if (column.kind === 'numbers') return [column.values.buffer as ArrayBuffer];
  return column.kind === 'structs' ? column.fields.flatMap(buffersOfColumn) : [];
}

function packColumn(values: readonly InternalValue[]): PackedColumn {
  const [first] = values;
  if (typeof first === 'number' && values.every((value) => typeof value === 'number')) {
    return { kind: 'numbers', values: Float64Array.from(values) };
  }
  if (Array.isArray(first)) {
    const width = first.length;
    if (width > 0 && values.every((value) => Array.isArray(value) && value.length === width)) {
      const structs = values as unknown as readonly InternalRow[];
      return {
        kind: 'structs',
        fields: Array.from({ length: width }, (_, at) => packColumn(structs.map((struct) => struct[at] ?? null))),
      };
    }
  }
  return { kind: 'values', values: values.map(ownBytes) };
}

function unpackColumn(column: PackedColumn, count: number): ArrayLike<InternalValue> {
  switch (column.kind) {
    case 'numbers':
    case 'values':
      return column.values;
    case 'structs': {
      const fields = column.fields.map((field) => unpackColumn(field, count));
      return Array.from({ length: count }, (_, i) => fields.map((field) => field[i] as InternalValue));
    }
    default:
      return column satisfies never;
  }
}

/** A view of bytes would take everything along that it is a view of. */
function ownBytes(value: InternalValue): InternalValue {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map((item: InternalValue) => ownBytes(item));
  if (typeof value !== 'object' || value === null || !('keys' in value)) return value;
  const { keys, values } = value as MapValue;
  return { keys: keys.map(ownBytes), values: values.map(ownBytes) };
}
