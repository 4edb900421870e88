import { decode, encodeKey } from '../kernel/codec.ts';
import type { CheckpointMoment, TableSize } from '../store/checkpoint-view.ts';
import { readDelta } from '../store/delta.ts';
import type { ReadonlyMapLike, TableName } from '../store/state-store.ts';
import { assertRetained, readPlans, readProgram } from './checkpoint-reader.ts';
import type { Reading } from './environment.ts';
import { type Key, versionKey } from './keys.ts';
import { readRowTables, type RowTableRecord } from './row-table-record.ts';
import { readVersions } from './table-log.ts';
import { readRow, readRows, type Row } from './table-rows.ts';
import { readUndo, undoPartsAfter } from './undo-log.ts';

/** What a data file with a row per key holds. `damaged` raises what a reader finds wrong. */
export function rowMomentOf(reading: Reading, damaged: (what: string) => never): CheckpointMoment {
  const find = (version: number, { operator, name, partition }: TableName): PastRows | undefined => {
    assertRetained(readVersions(reading), version);
    for (const [id, table] of readRowTables(reading)) {
      const isNamed = table.operator === operator && table.name === name && table.partition === partition;
      if (isNamed && table.since <= version) return new PastRows(reading, id, table, version, damaged);
    }
    return undefined;
  };
  return {
    get program() {
      return readProgram(reading);
    },
    get versions() {
      return readVersions(reading);
    },
    get pendingPlans() {
      return readPlans(reading);
    },
    tablesAt: (version) => {
      assertRetained(readVersions(reading), version);
      return [...readRowTables(reading).values()]
        .filter(({ since }) => since <= version)
        .map(({ operator, name, partition }) => ({ operator, name, partition }));
    },
    tableAt: <K, V>(version: number, table: TableName) =>
      (find(version, table) ?? nothing) as unknown as ReadonlyMapLike<K, V>,
    sizeAt: (version, table) => find(version, table)?.sizes ?? { rows: 0, sizeBytes: 0 },
  };
}

const nothing: ReadonlyMapLike<unknown, unknown> = {
  size: 0,
  get: () => undefined,
  entries: () => [],
};

/**
 * A table as it was in a version: the rows as they are, and for keys that changed since what they were. In memory are the keys that
 * changed, never all.
 */
class PastRows implements ReadonlyMapLike<unknown, unknown> {
  readonly sizes: TableSize;
  private readonly reading: Reading;
  private readonly id: number;
  private readonly version: number;
  private readonly damaged: (what: string) => never;
  /** By key: its value in the version, undefined for one that was not there. */
  private readonly changed = new Map<string, { readonly key: Uint8Array; readonly value: Uint8Array | undefined }>();
  private seen = 0;

  constructor(reading: Reading, id: number, table: RowTableRecord, version: number, damaged: (what: string) => never) {
    this.reading = reading;
    this.id = id;
    this.version = version;
    this.damaged = damaged;
    this.sizes = this.catchUp() ?? { rows: table.rows, sizeBytes: table.sizeBytes };
  }

  get size(): number {
    return this.sizes.rows;
  }

  get(key: unknown): unknown {
    this.catchUp();
    const bytes = encodeKey(key);
    const changed = this.changed.get(textOf(bytes));
    const value = changed === undefined ? readRow(this.reading, this.id, bytes, 0, bytes.length) : changed.value;
    return value === undefined ? undefined : decode(value);
  }

  *entries(): Generator<readonly [unknown, unknown]> {
    for (const [key, value] of this.rows()) yield [decode(key), decode(value)];
  }

  /** The keys as they are now, each with its value of then; those that are no more at the end. */
  private *rows(): Generator<Row> {
    const shown = new Set<string>();
    for (let from: Key | undefined; ;) {
      const { rows, next } = readRows(this.reading, this.id, from);
      this.catchUp();
      for (const [key, value] of rows) {
        const text = this.changed.size === 0 ? '' : textOf(key);
        const changed = this.changed.get(text);
        if (changed === undefined) {
          yield [key, value];
          continue;
        }
        shown.add(text);
        if (changed.value !== undefined) yield [key, changed.value];
      }
      if (next === undefined) break;
      from = next;
    }
    for (const [text, { key, value }] of this.changed) if (!shown.has(text) && value !== undefined) yield [key, value];
  }

  /** Takes in what was changed since the last look; gives the size that the table had in the version, if anything changed since. */
  private catchUp(): TableSize | undefined {
    // Another program may have gone on: beyond what it retains nothing leads back.
    if (this.version > 0 && this.reading.get(versionKey(this.version)) === undefined) {
      assertRetained(readVersions(this.reading), this.version);
    }
    const parts = undoPartsAfter(this.reading, this.version).filter(({ table }) => table === this.id);
    let sizes: TableSize | undefined;
    for (const part of parts.slice(this.seen)) {
      const undo = readUndo(this.reading, part);
      if (undo === undefined) return this.damaged(`what undoes version ${part.version} is cut`);
      sizes ??= undo.before;
      readDelta(undo.bytes, (bytes, at, keyBytes, valueBytes) => {
        const key = bytes.subarray(at, at + keyBytes);
        const text = textOf(key);
        if (this.changed.has(text)) return;
        const valueAt = at + keyBytes;
        this.changed.set(text, {
          key,
          value: valueBytes < 0 ? undefined : bytes.subarray(valueAt, valueAt + valueBytes),
        });
      });
    }
    this.seen = parts.length;
    return sizes;
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
