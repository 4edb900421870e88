import { readDelta } from '../store/delta.ts';
import type { TableSize } from '../store/checkpoint-view.ts';
import type { Environment, Reading, Writing } from './environment.ts';
import { type DeltaName, parseDeltaKey, undoAfter, undoKey } from './keys.ts';
import { type RowTableRecord, writeRowTable } from './row-table-record.ts';
import { writeRow } from './table-rows.ts';

/** Parts of an undo are as large as those of a delta. */
export const undoPartBytes: number = 252 << 10;
const headBytes = 16;

/**
 * What leads from the rows after a version back to those before it: for each changed key its value of before, or that it had none.
 * Written in the same transaction as the rows. A version may be written in several goes; then a key may come twice, and the first is
 * the one that counts: reading forwards the first wins, putting back goes backwards.
 */
export interface UndoPart {
  /** What the table held before the version. */
  readonly before: TableSize;
  readonly bytes: Uint8Array;
}

export function writeUndo(writing: Writing, version: number, table: number, part: number, undo: UndoPart): void {
  const value = new Uint8Array(headBytes + undo.bytes.length);
  const view = new DataView(value.buffer);
  view.setFloat64(0, undo.before.rows, true);
  view.setFloat64(8, undo.before.sizeBytes, true);
  value.set(undo.bytes, headBytes);
  writing.put(undoKey(version, table, part), value);
}

export function removeUndo(writing: Writing, version: number, table: number, parts: number): void {
  for (let part = 0; part < parts; part++) writing.remove(undoKey(version, table, part));
}

/** The parts that lead back to a version, in the order in which they were written. */
export function undoPartsAfter(reading: Reading, version: number): readonly DeltaName[] {
  return reading.keys(...undoAfter(version)).map(parseDeltaKey);
}

export function readUndo(reading: Reading, { version, table, part }: DeltaName): UndoPart | undefined {
  const value = reading.get(undoKey(version, table, part));
  if (value === undefined || value.length < headBytes) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return {
    before: { rows: view.getFloat64(0, true), sizeBytes: view.getFloat64(8, true) },
    bytes: value.subarray(headBytes),
  };
}

/**
 * Puts the rows of a version back, a part and a transaction at a time, newest first. It may end anywhere: what is left over is put back
 * by the next run. Each step gives the bytes it has read. `tables` are those the file knows; parts of others only go.
 */
export function* unwind(
  environment: Environment,
  to: number,
  tables: ReadonlyMap<number, RowTableRecord>,
): Generator<number> {
  for (const name of undoPartsAfter(environment, to).toReversed()) {
    const undo = readUndo(environment, name) ?? environment.damaged(`what undoes version ${name.version} is cut`);
    const table = tables.get(name.table);
    environment.transact(`going back to version ${to}`, (writing) => {
      if (table !== undefined) {
        readDelta(undo.bytes, (bytes, at, keyBytes, valueBytes) => {
          const key = bytes.subarray(at, at + keyBytes);
          const valueAt = at + keyBytes;
          const value = valueBytes < 0 ? undefined : bytes.subarray(valueAt, valueAt + valueBytes);
          writeRow(environment, writing, name.table, key, value);
        });
        writeRowTable(writing, name.table, { ...table, ...undo.before });
      }
      writing.remove(undoKey(name.version, name.table, name.part));
    });
    yield undo.bytes.length;
  }
}
