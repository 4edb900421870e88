import type { RowPair } from './compare-rows.ts';
import type { PairRun } from './run-pair.ts';
import type { EngineName, EngineRun, ResultRow, RunBatch, SideRow } from './run-model.ts';
import type { CompareMode } from './settings.ts';

/** What came out of both engines in the end: the last value of every row, and which rows each record is in. */
export class Results {
  readonly rows: Readonly<Record<EngineName, ReadonlyMap<string, SideRow>>>;
  readonly #batchOfRecord: Readonly<Record<EngineName, ReadonlyMap<number, RunBatch>>>;
  readonly #rowsOfRecord: Readonly<Record<EngineName, ReadonlyMap<number, readonly ResultRow[]>>>;

  constructor({ dstream, structured }: PairRun, mode: CompareMode, rowsAdd: boolean) {
    this.rows = { dstream: lastRows(dstream, 'update', rowsAdd), structured: lastRows(structured, mode, rowsAdd) };
    this.#batchOfRecord = { dstream: batchByRecord(dstream), structured: batchByRecord(structured) };
    this.#rowsOfRecord = { dstream: byRecord(this.rows.dstream), structured: byRecord(this.rows.structured) };
  }

  /** The batch in which an engine read a record. */
  batchOf(engine: EngineName, record: number): RunBatch | undefined {
    return this.#batchOfRecord[engine].get(record);
  }

  rowsOf(engine: EngineName, record: number): readonly ResultRow[] {
    return this.#rowsOfRecord[engine].get(record) ?? [];
  }

  /** Rows of the same label and the same window belong together. */
  pairedByLabel(): Map<string, RowPair> {
    const paired = new Map<string, RowPair>();
    for (const [id, dstream] of this.rows.dstream) paired.set(id, { dstream });
    for (const [id, structured] of this.rows.structured) paired.set(id, { ...paired.get(id), structured });
    return paired;
  }

  /** Rows of the same label belong together that have most records in common; each row with one other at most. */
  pairedByRecords(): Map<string, RowPair> {
    const common: { readonly a: string; readonly b: string; readonly records: number }[] = [];
    for (const [a, { row }] of this.rows.dstream) {
      for (const [b, other] of this.rows.structured) {
        if (row.label !== other.row.label) continue;
        const records = row.records.filter((record) => other.row.records.includes(record)).length;
        if (records > 0) common.push({ a, b, records });
      }
    }
    const partner = new Map<string, string>();
    const taken = new Set<string>();
    for (const { a, b } of common.toSorted((left, right) => right.records - left.records)) {
      if (partner.has(a) || taken.has(b)) continue;
      partner.set(a, b);
      taken.add(b);
    }
    const paired = new Map<string, RowPair>();
    for (const [id, dstream] of this.rows.dstream) {
      const structured = this.rows.structured.get(partner.get(id) ?? '');
      paired.set(`dstream ${id}`, { dstream, ...(structured === undefined ? {} : { structured }) });
    }
    for (const [id, structured] of this.rows.structured)
      if (!taken.has(id)) paired.set(`structured ${id}`, { structured });
    return paired;
  }
}

function added(before: ResultRow | undefined, row: ResultRow): ResultRow {
  if (before === undefined) return row;
  const records = [...before.records, ...row.records].toSorted((a, b) => a - b);
  return { ...row, value: before.value + row.value, records };
}

/** Identity of a row within one result: its label, apart from other labels, and its window. */
export function rowIdOf({ label, window }: Pick<ResultRow, 'label' | 'window'>): string {
  return window === undefined ? label : `${window.fromMs}-${window.untilMs} ${label}`;
}

/**
 * The last value of each row. A complete table replaces all rows before it. What comes after the end counts only where nothing came
 * before: such rows were waiting.
 */
function lastRows({ batches }: EngineRun, mode: CompareMode, rowsAdd: boolean): Map<string, SideRow> {
  const rows = new Map<string, SideRow>();
  for (const batch of batches) {
    if (batch.isAfterEnd && mode !== 'append') continue;
    if (mode === 'complete' && batch.rows.length > 0) rows.clear();
    for (const given of batch.rows) {
      const id = rowIdOf(given);
      const row = rowsAdd ? added(rows.get(id)?.row, given) : given;
      rows.set(id, { row, batch: batch.number, timeMs: batch.timeMs, isWaiting: batch.isAfterEnd });
    }
  }
  return rows;
}

/** The batch that read each record. */
export function batchByRecord({ batches }: EngineRun): ReadonlyMap<number, RunBatch> {
  return new Map(batches.flatMap((batch) => batch.records.map((record) => [record, batch] as const)));
}

function byRecord(rows: ReadonlyMap<string, SideRow>): ReadonlyMap<number, readonly ResultRow[]> {
  const found = new Map<number, ResultRow[]>();
  for (const { row } of rows.values()) {
    for (const record of row.records) {
      const known = found.get(record);
      if (known === undefined) found.set(record, [row]);
      else known.push(row);
    }
  }
  return found;
}
