import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../../kernel/errors.ts';
import type {
  EntryOptions,
  OpenWindowFacts,
  StateEntries,
  StateReader,
  StateTableFacts,
  StateTableName,
  StateVersionFacts,
} from '../../monitor/state-facts.ts';
import type { ReadonlyMapLike, StateStore } from '../../store/state-store.ts';
import { compareNames } from '../state/tables.ts';
import { columnsOf, windowOf } from './state-columns.ts';

/** Reading a table stops the program for as long as it takes: one of this many rows takes a few tenths of a second. */
const maxRows = 200_000;
/** Rows that are looked through for open windows and for a text. */
const maxScanned = 20_000;

/** Reads the state of a running program out of its own store, between two turns of the event loop. What is read is what was committed. */
export class StoreStateReader implements StateReader {
  readonly #store: StateStore;
  readonly #checkpoint: string | undefined;
  readonly #delayMs: number | undefined;

  constructor(store: StateStore, checkpoint: string | undefined, watermarkDelayMs: number | undefined) {
    this.#store = store;
    this.#checkpoint = checkpoint;
    this.#delayMs = watermarkDelayMs;
  }

  versions(): readonly StateVersionFacts[] {
    return this.#store.versions.map(({ version, batchTime, records, meta }) => {
      const watermarkMs = meta['nextWatermarkMs'];
      return {
        version,
        batch: batchTime,
        records,
        ...(typeof watermarkMs === 'number' && watermarkMs > 0 ? { watermarkMs } : {}),
      };
    });
  }

  tables(version: number): readonly StateTableFacts[] {
    const order = this.#store.program?.operators.map(({ id }) => id) ?? [];
    const found = new Map<string, StateTableFacts>();
    for (const { operator, name: table, partition } of this.#store.tablesAt(version)) {
      const known = found.get(`${operator}\0${table}`);
      const { size } = this.#store.table(operator, table, partition);
      found.set(`${operator}\0${table}`, {
        operator,
        table,
        partitions: (known?.partitions ?? 0) + 1,
        rows: (known?.rows ?? 0) + size,
      });
    }
    return [...found.values()].toSorted(
      (a, b) => order.indexOf(a.operator) - order.indexOf(b.operator) || compareNames(a.table, b.table),
    );
  }

  entries(version: number, { operator, table }: StateTableName, { limit, find }: EntryOptions): StateEntries {
    const columns = columnsOf(this.#store, operator);
    const entries: { readonly key: string; readonly value: string }[] = [];
    let [scanned, total, hasMore] = [0, 0, false];
    for (const rows of this.#rowsOf(version, { operator, table })) {
      total += rows.size;
      for (const [key, value] of rows.entries()) {
        hasMore = entries.length === limit || scanned === maxScanned;
        if (hasMore) break;
        scanned += 1;
        const entry = { key: JSON.stringify(columns.key(key)), value: JSON.stringify(columns.value(value)) };
        if (find === '' || entry.key.includes(find) || entry.value.includes(find)) entries.push(entry);
      }
    }
    return { keyColumns: columns.keyNames, valueColumns: columns.valueNames, entries, total, hasMore };
  }

  windows(version: number): readonly OpenWindowFacts[] {
    const found = new Map<string, OpenWindowFacts>();
    for (const { operator, table } of this.tables(version)) {
      const window = windowOf(this.#store, operator, table);
      if (window === undefined) continue;
      let scanned = 0;
      for (const rows of this.#rowsOf(version, { operator, table })) {
        for (const [key, value] of rows.entries()) {
          if (scanned++ === maxScanned) break;
          for (const [startUs, endUs] of window(key, value)) {
            const [startMs, endMs] = [Number(startUs) / 1000, Number(endUs) / 1000];
            const id = `${operator}/${startMs}/${endMs}`;
            const closes = this.#delayMs === undefined ? {} : { closesAtEventMs: endMs + this.#delayMs };
            found.set(id, { operator, startMs, endMs, rows: (found.get(id)?.rows ?? 0) + 1, ...closes });
          }
        }
      }
    }
    return [...found.values()].toSorted((a, b) => a.endMs - b.endMs || a.startMs - b.startMs).slice(0, 200);
  }

  sizeOnDisk(): number | undefined {
    if (this.#checkpoint === undefined) return undefined;
    try {
      return readdirSync(this.#checkpoint).reduce((sum, name) => {
        const entry = statSync(join(this.#checkpoint ?? '', name), { throwIfNoEntry: false });
        return sum + (entry?.isFile() === true ? entry.size : 0);
      }, 0);
    } catch {
      // A checkpoint in the memory of a test has no folder.
      return undefined;
    }
  }

  /** The partitions of a table as they were in a version. */
  #rowsOf(version: number, { operator, table }: StateTableName): readonly ReadonlyMapLike<unknown, unknown>[] {
    const partitions = this.#store
      .tablesAt(version)
      .filter((known) => known.operator === operator && known.name === table)
      .map(({ partition }) => partition);
    if (partitions.length === 0) {
      const what = `table ${table} of ${operator} in version ${version}`;
      raise('MONITOR_NOT_FOUND', { what, hint: 'The tables of a version are at its /tables.' });
    }
    const rows = partitions.reduce((sum, at) => sum + this.#store.table(operator, table, at).size, 0);
    if (rows > maxRows) raise('MONITOR_STATE_SIZE', { operator, table, rows });
    return partitions.map((at) => this.#store.tableAt<unknown, unknown>(version, operator, table, at));
  }
}
