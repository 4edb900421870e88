import { DeltaWriter, readDelta } from '../store/delta.ts';
import { equalBytes } from '../store/byte-runs.ts';
import type { Reading, Writing } from './environment.ts';
import { type Key, keyAfter, keyOfRow, rowKey, rowsOf } from './keys.ts';

/** An encoded key with its encoded value. */
export type Row = readonly [key: Uint8Array, value: Uint8Array];

/** What is read of a table at once while all of it is visited. */
const chunkBytes = 128 << 10;

/** The value of the key that stands in `bytes`. */
export function readRow(
  reading: Reading,
  table: number,
  bytes: Uint8Array,
  at: number,
  keyBytes: number,
): Uint8Array | undefined {
  const key = rowKey(table, bytes, at, keyBytes);
  const stored = reading.get(key);
  if (stored === undefined || keyOfRow(key) !== undefined) return stored;
  return bucket(stored).find(([known]) => isSame(known, bytes, at, keyBytes))?.[1];
}

/** Writes the value of a key, or removes it. `reading` sees what the transaction has written. */
export function writeRow(
  reading: Reading,
  writing: Writing,
  table: number,
  key: Uint8Array,
  value: Uint8Array | undefined,
): void {
  const stored = rowKey(table, key, 0, key.length);
  if (keyOfRow(stored) !== undefined) {
    if (value === undefined) writing.remove(stored);
    else writing.put(stored, value);
    return;
  }
  const others = bucket(reading.get(stored)).filter(([known]) => !isSame(known, key, 0, key.length));
  const rows: readonly Row[] = value === undefined ? others : [...others, [key, value]];
  if (rows.length === 0) writing.remove(stored);
  else writing.put(stored, packed(rows));
}

/** Some rows of a table, in the order of the file, and where the rest of them begins; undefined at the end. */
export interface RowChunk {
  readonly rows: readonly Row[];
  readonly next: Key | undefined;
}

/** Rows from a place on: the first of the table unless told otherwise. */
export function readRows(reading: Reading, table: number, from?: Key): RowChunk {
  const [first, until] = rowsOf(table);
  const entries = reading.entries(from ?? first, until, chunkBytes);
  const last = entries.at(-1)?.[0];
  const rows: Row[] = [];
  for (const [key, value] of entries) {
    const plain = keyOfRow(key);
    if (plain === undefined) rows.push(...bucket(value));
    else rows.push([plain, value]);
  }
  return { rows, next: last === undefined ? undefined : keyAfter(last) };
}

/** Long keys that share a row, packed as changes are. */
function bucket(stored: Uint8Array | undefined): readonly Row[] {
  const rows: Row[] = [];
  if (stored === undefined) return rows;
  readDelta(stored, (bytes, at, keyBytes, valueBytes) => {
    const valueAt = at + keyBytes;
    rows.push([bytes.subarray(at, valueAt), bytes.subarray(valueAt, valueAt + valueBytes)]);
  });
  return rows;
}

function packed(rows: readonly Row[]): Uint8Array {
  const writer = new DeltaWriter(Infinity);
  for (const [key, value] of rows) writer.addApart(key, 0, key.length, value, 0, value.length);
  return writer.finish()[0] as Uint8Array;
}

function isSame(known: Uint8Array, bytes: Uint8Array, at: number, keyBytes: number): boolean {
  return known.length === keyBytes && equalBytes(known, 0, bytes, at, keyBytes);
}
