import { raise } from '../kernel/errors.ts';
import type { InternalRow, InternalValue, StructType } from '../structured/types/data-type.ts';
import { toLong } from '../structured/types/long.ts';
import { intervalUnits, typeIds, typeOfArrow } from './arrow-type.ts';
import type { ArrowBatch, ArrowColumn, ArrowField, ArrowType } from './flechette.ts';

/** The rows of a table, read from its buffers: what options it was opened with does not matter. */
export function readArrow(table: object): { readonly schema: StructType; readonly rows: readonly InternalRow[] } {
  if (!('children' in table) || !Array.isArray(table.children)) return raise('ARROW_TABLE_FOREIGN', {});
  const { schema, children } = table as {
    readonly schema: { readonly fields: readonly ArrowField[] };
    readonly children: readonly ArrowColumn[];
  };
  const fields = schema.fields.map(({ name, type }) => ({ name, type: typeOfArrow(type, name), nullable: true }));
  const columns = children.map(({ data }) => {
    const values: InternalValue[] = [];
    for (const batch of data) {
      const valueAt = reader(batch);
      for (let i = 0; i < batch.length; i++) values.push(valueAt(i));
    }
    return values;
  });
  const count = columns[0]?.length ?? 0;
  const rows = Array.from({ length: count }, (_, i): InternalRow => columns.map((values) => values[i] ?? null));
  return { schema: { kind: 'struct', fields }, rows };
}

type ValueAt = (index: number) => InternalValue;

/** The values of a batch by their place, null where its bitmap says so. */
function reader(batch: ArrowBatch): ValueAt {
  const valueAt = plainReader(batch);
  const { validity, nullCount } = batch;
  if (nullCount === 0 || validity === undefined || validity.length === 0) return valueAt;
  return (i) => (((validity[i >> 3] ?? 0) & (1 << (i & 7))) === 0 ? null : valueAt(i));
}

function plainReader(batch: ArrowBatch): ValueAt {
  const { type, values = [], offsets = [], children = [] } = batch;
  const number: (i: number) => number = (i) => Number(values[i]);
  const whole = (i: number): bigint => BigInt(values[i] ?? 0);
  switch (type.typeId) {
    case typeIds.dictionary: {
      const known = dictionaryOf(batch.dictionary as ArrowColumn);
      return (i) => known[number(i)] ?? null;
    }
    case typeIds.none:
      return () => null;
    case typeIds.int:
      return (type['bitWidth'] as number) < 64 ? number : (i) => toLong(whole(i));
    case typeIds.float:
      return number;
    case typeIds.bool:
      return (i) => (Number(values[i >> 3]) & (1 << (i & 7))) !== 0;
    case typeIds.decimal:
      return decimalReader(type, values, whole);
    case typeIds.date:
      return type['unit'] === 0 ? number : (i) => Math.floor(Number(values[i]) / 86_400_000);
    case typeIds.timestamp:
    case typeIds.duration:
      return microsReader(type['unit'] as number, whole);
    case typeIds.interval:
      return type['unit'] === intervalUnits.monthDayNano ? (i) => intervalAt(values, i) : number;
    case typeIds.utf8:
    case typeIds.largeUtf8:
      return (i) => utf8.decode(bytesOf(values).subarray(Number(offsets[i]), Number(offsets[i + 1])));
    case typeIds.binary:
    case typeIds.largeBinary:
      return (i) => bytesOf(values).slice(Number(offsets[i]), Number(offsets[i + 1]));
    case typeIds.fixedBinary: {
      const stride = type['stride'] as number;
      return (i) => bytesOf(values).slice(i * stride, (i + 1) * stride);
    }
    case typeIds.list:
    case typeIds.largeList: {
      const element = reader(children[0] as ArrowBatch);
      return (i) => listOf(element, Number(offsets[i]), Number(offsets[i + 1]));
    }
    case typeIds.fixedList: {
      const element = reader(children[0] as ArrowBatch);
      const stride = type['stride'] as number;
      return (i) => listOf(element, i * stride, (i + 1) * stride);
    }
    case typeIds.struct: {
      const fields = children.map(reader);
      return (i) => fields.map((valueAt) => valueAt(i));
    }
    case typeIds.map: {
      const [key, value] = ((children[0] as ArrowBatch).children ?? []).map(reader) as [ValueAt, ValueAt];
      return (i) => {
        const [from, until] = [Number(offsets[i]), Number(offsets[i + 1])];
        return { keys: listOf(key, from, until), values: listOf(value, from, until) };
      };
    }
    default:
      return raise('INTERNAL_INVARIANT', { what: `a column of Arrow's type ${type.typeId} was let in` });
  }
}

const utf8 = new TextDecoder();
const dictionaries = new WeakMap<ArrowColumn, readonly InternalValue[]>();

function dictionaryOf(column: ArrowColumn): readonly InternalValue[] {
  let known = dictionaries.get(column);
  if (known === undefined) {
    known = column.data.flatMap((batch) => listOf(reader(batch), 0, batch.length));
    dictionaries.set(column, known);
  }
  return known;
}

function listOf(valueAt: ValueAt, from: number, until: number): InternalValue[] {
  return Array.from({ length: until - from }, (_, i) => valueAt(from + i));
}

function bytesOf(values: ArrayLike<number | bigint>): Uint8Array {
  return values as Uint8Array;
}

function decimalReader(type: ArrowType, values: ArrayLike<number | bigint>, whole: (i: number) => bigint): ValueAt {
  const width = type['bitWidth'] as number;
  if (width === 32) return (i) => Number(values[i]);
  const words = width / 64;
  return (i) => {
    let value = 0n;
    for (let word = words - 1; word >= 0; word--) value = (value << 64n) | BigInt.asUintN(64, whole(i * words + word));
    return toLong(BigInt.asIntN(width, value));
  };
}

/** Seconds, milliseconds, microseconds or nanoseconds as microseconds; what is finer is cut off towards the past. */
function microsReader(unit: number, whole: (i: number) => bigint): ValueAt {
  if (unit === 3) {
    return (i) => {
      const nanos = whole(i);
      return toLong((nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n);
    };
  }
  const factor = [1_000_000n, 1000n, 1n][unit] ?? 1n;
  return (i) => toLong(whole(i) * factor);
}

function intervalAt(values: ArrayLike<number | bigint>, i: number): InternalValue {
  const bytes = bytesOf(values);
  const view = new DataView(bytes.buffer, bytes.byteOffset + i * 16, 16);
  return {
    months: view.getInt32(0, true),
    days: view.getInt32(4, true),
    micros: toLong(view.getBigInt64(8, true) / 1000n),
  };
}
