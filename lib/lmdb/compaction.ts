import { passFaultPoint } from '../kernel/fault-point.ts';
import type { ByteTable } from '../store/byte-table.ts';
import type { Environment } from './environment.ts';
import { baseKey } from './keys.ts';
import { type Base, type TableLog, writeTable } from './table-log.ts';

/** When a table is rewritten, and in what steps. */
export interface CompactionRule {
  /** Deltas of fewer bytes are left alone... */
  readonly dueBytes: number;
  /** ... unless there are so many of them. */
  readonly dueDeltas: number;
  /** One value in the file. As large as the parts of a delta: a hole that one leaves, the other fills. */
  readonly segmentBytes: number;
  /** Bytes for each step, or twice as many as the last delta had, when that is more: a base grows faster than deltas gather. */
  readonly stepBytes: number;
}

export const defaultCompaction: CompactionRule = {
  dueBytes: 256 << 10,
  dueDeltas: 200,
  segmentBytes: 252 << 10,
  stepBytes: 1 << 20,
};

/** Whether loading a table would cost more for its deltas than half of what its base costs. */
export function isCompactionDue({ record, deltas }: TableLog, rule: CompactionRule): boolean {
  const base = record.bases.at(-1);
  const from = base?.from ?? 0;
  let count = 0;
  let sizeBytes = 0;
  for (let i = deltas.length - 1; i >= 0; i--) {
    const delta = deltas[i];
    if (delta === undefined || delta.version <= from) break;
    count++;
    sizeBytes += delta.sizeBytes;
  }
  return count >= rule.dueDeltas || sizeBytes > Math.max(rule.dueBytes, (base?.sizeBytes ?? 0) / 2);
}

export interface CompactionStep {
  /** The last committed version. */
  readonly version: number;
  readonly budgetBytes: number;
  readonly segmentBytes: number;
}

/**
 * Writes a table as a new base while batches go on: segments in steps between batches, each step a transaction of its own. The
 * segments show the table at different versions; together with the deltas since the first of them they are right for the version
 * of the last, and for every later one. The base counts from the transaction that writes the last segment and names it.
 */
export class Compaction<E> {
  readonly entry: E;
  private readonly table: ByteTable<unknown, unknown>;
  private readonly log: () => TableLog;
  private readonly id: number;
  private readonly from: number;
  private row: number | undefined = 0;
  private segments = 0;
  private rows = 0;
  private sizeBytes = 0;

  /** `table` has the table of the entry at `version`, and may go on with it. */
  constructor(entry: E, table: ByteTable<unknown, unknown>, log: () => TableLog, version: number) {
    this.entry = entry;
    this.table = table;
    this.log = log;
    this.from = version;
    this.id = (log().record.bases.at(-1)?.id ?? 0) + 1;
  }

  /** What has to be removed when the compaction is given up. */
  get written(): { readonly table: number; readonly id: number; readonly segments: number } {
    return { table: this.log().record.id, id: this.id, segments: this.segments };
  }

  /** A batch has changes in the table that are not committed. */
  get hasToWait(): boolean {
    return this.table.touched > 0;
  }

  /** Writes some segments; gives the table's new log when the base counts. A step that fails can be taken again. */
  step(environment: Environment, { version, budgetBytes, segmentBytes }: CompactionStep): TableLog | undefined {
    const { record, deltas } = this.log();
    const { table } = this;
    let { row, segments, rows, sizeBytes } = this;
    let written = 0;
    let finished: TableLog | undefined;
    environment.transact('writing a compacted base', (writing) => {
      while (row !== undefined && written < budgetBytes) {
        const part = table.packBase(row, segmentBytes);
        if (part.rows > 0) writing.put(baseKey(record.id, this.id, segments++), part.bytes);
        written += part.bytes.length;
        rows += part.rows;
        row = part.nextRow;
      }
      sizeBytes += written;
      if (row === undefined) {
        const base: Base = { id: this.id, from: this.from, validFrom: version, segments, rows, sizeBytes };
        finished = { record: { ...record, bases: [...record.bases, base] }, deltas };
        writeTable(writing, finished.record);
      }
      passFaultPoint('in-compaction');
    });
    this.row = row;
    this.segments = segments;
    this.rows = rows;
    this.sizeBytes = sizeBytes;
    if (finished !== undefined) {
      table.endBase();
      passFaultPoint('after-compaction');
    }
    return finished;
  }
}
