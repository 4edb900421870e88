import { decode, encode } from '../kernel/codec.ts';
import type { TableSize } from '../store/checkpoint-view.ts';
import type { TableName } from '../store/state-store.ts';
import type { Reading, Writing } from './environment.ts';
import { keysOf, parseTableKey, tableKey } from './keys.ts';

/** A table with a row per key, as it is described in the file. */
export interface RowTableRecord extends TableName, TableSize {
  /** The version that first wrote it. */
  readonly since: number;
}

export function readRowTables(reading: Reading): ReadonlyMap<number, RowTableRecord> {
  return new Map(
    reading
      .keys(...keysOf('t'))
      .map((key) => [parseTableKey(key), decode(reading.get(key) as Uint8Array) as RowTableRecord]),
  );
}

export function writeRowTable(writing: Writing, id: number, record: RowTableRecord): void {
  const { operator, name, partition, since, rows, sizeBytes } = record;
  writing.put(tableKey(id), encode({ operator, name, partition, since, rows, sizeBytes }));
}
