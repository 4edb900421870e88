import { raise } from '../kernel/errors.ts';
import type {
  CalendarInterval,
  DataType,
  InternalRow,
  InternalValue,
  Long,
  MapValue,
  StructType,
} from '../structured/types/data-type.ts';
import { arrowType } from './arrow-type.ts';
import type { ArrowBatch, ArrowField, ArrowType, Flechette } from './flechette.ts';

/** Rows of one record batch: offsets of texts stay well within 32 bits. */
const batchRows = 1 << 16;

/** Rows as an IPC stream of Arrow. Buffers are made here, so that no value passes through a number that cannot hold it. */
export function arrowBytes(
  f: Flechette,
  { fields }: StructType,
  rows: readonly InternalRow[],
  timeZone: string,
): Uint8Array {
  const arrowFields = fields.map(({ name, type, nullable }) => f.field(name, arrowType(f, type, timeZone), nullable));
  const starts = Array.from({ length: Math.max(1, Math.ceil(rows.length / batchRows)) }, (_, i) => i * batchRows);
  const children = fields.map(({ type }, i) => {
    const arrow = (arrowFields[i] as ArrowField).type;
    const data = starts.map((from) =>
      batchOf(
        type,
        arrow,
        rows.slice(from, from + batchRows).map((row) => row[i] ?? null),
      ),
    );
    return { type: arrow, data, length: rows.length, nullCount: 0 };
  });
  // Version 5, little endian.
  const schema = { version: 4, endianness: 0, fields: arrowFields, metadata: null };
  return f.tableToIPC({ schema, children }, { format: 'stream' }) ?? new Uint8Array();
}

const empty = new Uint8Array(0);
const utf8 = new TextEncoder();

function batchOf(type: DataType, arrow: ArrowType, values: readonly InternalValue[]): ArrowBatch {
  const { length } = values;
  const nullCount = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  const base = { length, nullCount, type: arrow, validity: nullCount === 0 ? empty : bits(values, (v) => v !== null) };
  const children = (arrow['children'] ?? []) as readonly ArrowField[];
  const child = (at: number, inner: DataType, parts: readonly InternalValue[]): ArrowBatch =>
    batchOf(inner, (children[at] as ArrowField).type, parts);
  switch (type.kind) {
    case 'void':
      return base;
    case 'boolean':
      return { ...base, values: bits(values, (value) => value === true) };
    case 'tinyint':
      return { ...base, values: Int8Array.from(values, Number) };
    case 'smallint':
      return { ...base, values: Int16Array.from(values, Number) };
    case 'int':
    case 'date':
    case 'interval year to month':
      return { ...base, values: Int32Array.from(values, Number) };
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'interval day to second':
      return { ...base, values: BigInt64Array.from(values, (value) => BigInt((value ?? 0) as Long)) };
    case 'float':
      return { ...base, values: Float32Array.from(values, Number) };
    case 'double':
      return { ...base, values: Float64Array.from(values, Number) };
    case 'decimal':
      return { ...base, values: decimals(values) };
    case 'interval':
      return { ...base, values: intervals(values) };
    case 'string':
      return { ...base, ...texts(values.map((value) => (value === null ? empty : utf8.encode(value as string)))) };
    case 'binary':
      return { ...base, ...texts(values.map((value) => (value === null ? empty : (value as Uint8Array)))) };
    case 'array': {
      const lists = values.map((value) => (value ?? []) as readonly InternalValue[]);
      return { ...base, offsets: offsets(lists), children: [child(0, type.element, lists.flat())] };
    }
    case 'struct': {
      const structs = values.map((value) => (value ?? []) as InternalRow);
      const parts = type.fields.map((field, i) =>
        child(
          i,
          field.type,
          structs.map((struct) => struct[i] ?? null),
        ),
      );
      return { ...base, children: parts };
    }
    case 'map': {
      const maps = values.map((value) => (value ?? { keys: [], values: [] }) as MapValue);
      const fields = [
        { name: 'key', type: type.key, nullable: false },
        { name: 'value', type: type.value, nullable: true },
      ];
      const entries = maps.flatMap(({ keys, values: held }) =>
        keys.map((key, i): InternalValue => [key, held[i] ?? null]),
      );
      return {
        ...base,
        offsets: offsets(maps.map(({ keys }) => keys)),
        children: [child(0, { kind: 'struct', fields }, entries)],
      };
    }
    case 'time':
      return raise('UNSUPPORTED_TIME_TYPE', {});
    default:
      return type satisfies never;
  }
}

function bits(values: readonly InternalValue[], isSet: (value: InternalValue) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) if (isSet(value)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  return bytes;
}

function offsets(lists: readonly ArrayLike<unknown>[]): Int32Array {
  const made = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) made[i + 1] = (made[i] ?? 0) + list.length;
  return made;
}

function texts(parts: readonly Uint8Array[]): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const places = offsets(parts);
  const values = new Uint8Array(places.at(-1) ?? 0);
  for (const [i, part] of parts.entries()) values.set(part, places[i]);
  return { offsets: places, values };
}

/** Two's complement in 128 bits, the lower half first. */
function decimals(values: readonly InternalValue[]): BigUint64Array {
  const made = new BigUint64Array(values.length * 2);
  for (const [i, value] of values.entries()) {
    const unscaled = BigInt((value ?? 0) as Long);
    made[2 * i] = BigInt.asUintN(64, unscaled);
    made[2 * i + 1] = BigInt.asUintN(64, unscaled >> 64n);
  }
  return made;
}

/** Months, days, nanoseconds. */
function intervals(values: readonly InternalValue[]): Uint8Array {
  const made = new DataView(new ArrayBuffer(values.length * 16));
  for (const [i, value] of values.entries()) {
    const { months, days, micros } = (value ?? { months: 0, days: 0, micros: 0 }) as CalendarInterval;
    made.setInt32(16 * i, months, true);
    made.setInt32(16 * i + 4, days, true);
    made.setBigInt64(16 * i + 8, BigInt(micros) * 1000n, true);
  }
  return new Uint8Array(made.buffer);
}
