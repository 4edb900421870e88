import type { ColumnVector } from '../../io/columnar-block.ts';
import type { FormatColumn } from '../../io/table-format.ts';
import { raise } from '../../kernel/errors.ts';
import { readHeaders } from './headers.ts';
import type { PackedBlock } from './packed-block.ts';

/** The columns of Spark's Kafka source. */
export const kafkaColumns: readonly FormatColumn[] = [
  ['key', 'BINARY'],
  ['value', 'BINARY'],
  ['topic', 'STRING'],
  ['partition', 'INT'],
  ['offset', 'BIGINT'],
  ['timestamp', 'TIMESTAMP'],
  ['timestampType', 'INT'],
];

export const headersColumn: FormatColumn = ['headers', 'ARRAY<STRUCT<key: STRING, value: BINARY>>'];

/** One column of the records `[first, end)` of a packed block. Keys and values stay where they are. */
export function columnOf(block: PackedBlock, name: string, first: number, end: number): ColumnVector {
  switch (name) {
    case 'key':
      return bytesColumn(block.bytes, block.keyStart, block.keySize, first, end);
    case 'value':
      return bytesColumn(block.bytes, block.valueStart, block.valueSize, first, end);
    case 'topic':
      return { kind: 'constant', value: block.topic };
    case 'partition':
      return { kind: 'constant', value: block.partition };
    case 'offset': {
      const { offsets, firstOffset } = block;
      return values(first, end, (i) => offsets?.[i] ?? firstOffset + i);
    }
    case 'timestamp':
      return values(first, end, (i) => (block.timestamps[i] as number) * 1000);
    case 'timestampType':
      return { kind: 'constant', value: 0 };
    case 'headers':
      return values(first, end, (i) => (block.hasHeaders ? headersOf(block, i) : null));
    default:
      return raise('INTERNAL_INVARIANT', { what: `Kafka records were asked for the column ${name}` });
  }
}

function bytesColumn(
  bytes: Uint8Array,
  starts: Int32Array,
  sizes: Int32Array,
  first: number,
  end: number,
): ColumnVector {
  const from = starts.subarray(first, end);
  const until = new Int32Array(from.length);
  // A size of -1 is null, and gives an end before the start.
  for (let i = 0; i < from.length; i++) until[i] = (from[i] as number) + (sizes[first + i] as number);
  return { kind: 'bytes', bytes, from, until };
}

function values(first: number, end: number, at: (index: number) => unknown): ColumnVector {
  return { kind: 'values', values: Array.from({ length: end - first }, (_, i) => at(first + i)) };
}

/** As an array of structs, each name and value by position; null where a record has none. */
function headersOf(block: PackedBlock, index: number): unknown {
  const start = (block.valueStart[index] as number) + Math.max(0, block.valueSize[index] as number);
  const headers = readHeaders(block.bytes, start);
  const list = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, one]),
  );
  return list.length === 0 ? null : list;
}
