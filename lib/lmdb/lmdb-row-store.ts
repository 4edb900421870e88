import type { Clock } from '../kernel/clock.ts';
import { nextTurn } from '../kernel/turns.ts';
import { MillraceError } from '../kernel/errors.ts';
import { passFaultPoint } from '../kernel/fault-point.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type {
  BatchPlan,
  CommitRecord,
  CommitStats,
  ProgramRecord,
  ReadonlyMapLike,
  StateStore,
  TableName,
} from '../store/state-store.ts';
import type { StateTable } from '../store/state-table.ts';
import { TableSet } from '../store/table-set.ts';
import type { Environment, Writing } from './environment.ts';
import { garbageKey, keysOf, parseTableKey, rowKey, tableKey } from './keys.ts';
import { Ledger } from './ledger.ts';
import { LmdbReceivedLog } from './lmdb-received-log.ts';
import { rowMomentOf } from './row-moment.ts';
import { RowTable, type RowChanges } from './row-table.ts';
import { readRowTables, type RowTableRecord, writeRowTable } from './row-table-record.ts';
import { readRows, writeRow } from './table-rows.ts';
import { removeUndo, unwind, writeUndo } from './undo-log.ts';

const turnBytes = 1 << 20;

/** How much of the state is in memory, and how much is written at once. */
export interface RowStoreLimits {
  /** Keys and values held in memory, those of the batch included. */
  readonly cacheBytes: number;
  /** Changed keys of all tables that are written at once: this bounds how long a write blocks. */
  readonly changedKeys: number;
  /** Operations between two looks at both. */
  readonly step: number;
}

const defaultRowLimits: RowStoreLimits = { cacheBytes: 64 << 20, changedKeys: 32_768, step: 256 };

export interface LmdbRowStoreOptions {
  readonly clock: Clock;
  readonly retainVersions?: number;
  readonly limits?: Partial<RowStoreLimits>;
}

type AnyTable = RowTable<unknown, unknown>;

interface TableChange {
  readonly table: AnyTable;
  readonly changes: RowChanges;
}

/** What of the version that is being made is in the file already. */
interface Early {
  /** Parts of undo, by table. */
  readonly parts: Map<AnyTable, number>;
  changedKeys: number;
  sizeBytes: number;
}

/**
 * The durable store for state that is larger than memory: each key is a row of the file, and only the keys that batches touch are in
 * memory. What a version changes is written with what undoes it, so that every retained version can be read and gone back to.
 *
 * The rows of a version may be written in several transactions: as soon as many keys have changed, and at its commit. Only the last one
 * has the record of the version. Rows without a record are put back by what undoes them: when the batch is given up, or by the next
 * start. So a version is in effect there as a whole or not at all, and no transaction is longer than `changedKeys` make it.
 */
export class LmdbRowStore implements StateStore {
  readonly received: LmdbReceivedLog;
  private readonly environment: Environment;
  private readonly clock: Clock;
  private readonly ledger: Ledger;
  private readonly limits: RowStoreLimits;
  private readonly onClose: () => void;
  private readonly droppedOperators = new Set<OperatorId>();
  private tables = this.newTables();
  private nextTable = 1;
  private early: Early = nothingEarly();
  /** Rows of a batch that was given up are in the file still. */
  private mustUnwind = false;
  /** Functions of users that are running. */
  private depth = 0;
  private operations = 0;
  private garbage: number[] = [];
  private closing: Promise<void> | undefined;

  private constructor(environment: Environment, options: LmdbRowStoreOptions, onClose: () => void) {
    this.environment = environment;
    this.received = new LmdbReceivedLog(environment);
    this.clock = options.clock;
    this.ledger = new Ledger(environment, options.retainVersions);
    this.limits = { ...defaultRowLimits, ...options.limits };
    this.onClose = onClose;
  }

  /** Puts back what a killed program has left, and finds the tables; lets the event loop go on in between. `onClose` is called once. */
  static async load(
    environment: Environment,
    options: LmdbRowStoreOptions,
    onClose: () => void,
  ): Promise<LmdbRowStore> {
    const store = new LmdbRowStore(environment, options, onClose);
    store.ledger.load();
    let bytes = 0;
    for (const step of store.unwinding()) {
      bytes += step;
      if (bytes < turnBytes) continue;
      bytes = 0;
      await nextTurn();
    }
    store.findTables();
    return store;
  }

  get program(): ProgramRecord | undefined {
    return this.ledger.program;
  }

  describe(program: ProgramRecord): void {
    this.ledger.describe(program);
  }

  table<K, V>(operator: OperatorId, name: string, partition = 0): StateTable<K, V> {
    this.droppedOperators.delete(operator);
    return this.tables.open(operator, name, partition).table as unknown as StateTable<K, V>;
  }

  plan(plans: readonly BatchPlan[]): void {
    this.ledger.plan(plans);
  }

  get pendingPlans(): readonly BatchPlan[] {
    return this.ledger.pendingPlans;
  }

  commit(record: CommitRecord, following?: BatchPlan): CommitStats {
    const startedMs = this.clock.monotonicMs();
    this.finishUnwinding();
    const changes = this.changes();
    const parts = new Map(this.early.parts);
    for (const { table, changes: changed } of changes) {
      parts.set(table, (parts.get(table) ?? 0) + changed.undo.length);
    }
    const ids = this.idsOf(changes);
    const next = this.ledger.next(
      record,
      Array.from(parts, ([table, count]) => [ids.get(table) ?? (table.id as number), count]),
      following,
    );
    const dropped = [...this.tables].filter(({ operator }) => this.droppedOperators.has(operator));
    this.environment.transact(`committing batch ${record.batchTime}`, (writing) => {
      this.write(writing, changes, ids, record.version);
      for (const { table } of dropped) if (table.id !== undefined) throwAway(writing, table.id);
      for (const { record: old, deltas } of next.dropped) {
        for (const [table, count] of deltas) removeUndo(writing, old.version, table, count);
      }
      this.ledger.write(writing, next);
      passFaultPoint('in-commit');
    });
    const { changedKeys, sizeBytes } = this.early;
    this.accept(changes, ids);
    this.early = nothingEarly();
    for (const { table } of dropped) if (table.id !== undefined) this.garbage.push(table.id);
    for (const operator of this.droppedOperators) this.tables.drop(operator);
    this.droppedOperators.clear();
    for (const { table } of this.tables) table.committed = table.written;
    this.ledger.accept(next);
    return {
      changedKeys: changes.reduce((sum, { changes: { rows } }) => sum + rows.length, changedKeys),
      sizeBytes: changes.reduce((sum, change) => sum + change.changes.sizeBytes, sizeBytes),
      commitMs: this.clock.monotonicMs() - startedMs,
    };
  }

  discard(): void {
    this.droppedOperators.clear();
    this.mustUnwind ||= this.early.parts.size > 0;
    this.early = nothingEarly();
    this.tables.discard();
    this.finishUnwinding();
  }

  get lastCommitted(): CommitRecord | undefined {
    return this.ledger.lastCommitted;
  }

  get operators(): readonly OperatorId[] {
    const version = this.lastCommitted?.version ?? 0;
    const known = [...this.tables].filter(({ table }) => table.id !== undefined && table.since <= version);
    return [...new Set(known.map(({ operator }) => operator))];
  }

  dropOperator(operator: OperatorId): void {
    this.droppedOperators.add(operator);
  }

  get versions(): readonly CommitRecord[] {
    return this.ledger.versions;
  }

  get donePlans(): readonly BatchPlan[] {
    return this.ledger.donePlans;
  }

  tableAt<K, V>(version: number, operator: OperatorId, name: string, partition = 0): ReadonlyMapLike<K, V> {
    return this.moment().tableAt(version, { operator, name, partition });
  }

  tablesAt(version: number): readonly TableName[] {
    return this.moment().tablesAt(version);
  }

  rollbackTo(version: number): void {
    this.ledger.assertRetained(version);
    this.discard();
    this.environment.transact(`going back to version ${version}`, (writing) => {
      this.ledger.rollBack(writing, version);
    });
    this.ledger.load();
    this.mustUnwind = true;
    this.finishUnwinding();
    this.findTables();
  }

  /** Removes some rows of tables that were dropped. */
  maintain(): void {
    const [table] = this.garbage;
    if (table === undefined) return;
    const { rows } = readRows(this.environment, table);
    try {
      this.environment.transact('removing dropped state', (writing) => {
        for (const [key] of rows) writing.remove(rowKey(table, key, 0, key.length));
        if (rows.length === 0) writing.remove(garbageKey(table));
      });
    } catch (error) {
      // The batch is committed: housekeeping waits until there is room again.
      if (error instanceof MillraceError && error.code === 'CHECKPOINT_DISK_FULL') return;
      throw error;
    }
    if (rows.length === 0) this.garbage.shift();
  }

  async close(): Promise<void> {
    this.closing ??= this.environment.close().finally(this.onClose);
    await this.closing;
  }

  private newTables(): TableSet<AnyTable> {
    return new TableSet((name) => new RowTable(this.owner, name));
  }

  private get owner(): ConstructorParameters<typeof RowTable>[0] {
    return {
      reading: this.environment,
      relieve: (table) => {
        this.relieve(table);
      },
      within: (call) => {
        this.depth += 1;
        try {
          return call();
        } finally {
          this.depth -= 1;
        }
      },
    };
  }

  /** Looks now and then at how much is in memory; writes changes early, and forgets what was read. */
  private relieve(asking: AnyTable): void {
    if (this.depth > 0) return;
    this.finishUnwinding();
    const { cacheBytes, changedKeys, step } = this.limits;
    this.operations += 1;
    if (this.operations % step !== 0 && asking.memoryBytes < cacheBytes) return;
    let [touched, memoryBytes] = [0, 0];
    for (const { table } of this.tables) {
      touched += table.touched;
      memoryBytes += table.memoryBytes;
    }
    if (touched < changedKeys && memoryBytes < cacheBytes) return;
    if (touched > 0) this.writeEarly();
    if (memoryBytes >= cacheBytes) for (const { table } of this.tables) table.forget();
  }

  private writeEarly(): void {
    const changes = this.changes();
    const ids = this.idsOf(changes);
    const version = (this.lastCommitted?.version ?? 0) + 1;
    this.environment.transact('writing changed state', (writing) => {
      this.write(writing, changes, ids, version);
      passFaultPoint('in-early-write');
    });
    for (const { table, changes: changed } of changes) {
      this.early.parts.set(table, (this.early.parts.get(table) ?? 0) + changed.undo.length);
      this.early.changedKeys += changed.rows.length;
      this.early.sizeBytes += changed.sizeBytes;
    }
    this.accept(changes, ids);
  }

  private changes(): readonly TableChange[] {
    const found: TableChange[] = [];
    for (const { operator, table } of this.tables) {
      const changes = this.droppedOperators.has(operator) ? undefined : table.changes();
      if (changes !== undefined) found.push({ table, changes });
    }
    return found;
  }

  /** The numbers of tables, new ones included. They count once the transaction is through. */
  private idsOf(changes: readonly TableChange[]): ReadonlyMap<AnyTable, number> {
    let next = this.nextTable;
    return new Map(changes.map(({ table }) => [table, table.id ?? next++]));
  }

  private write(
    writing: Writing,
    changes: readonly TableChange[],
    ids: ReadonlyMap<AnyTable, number>,
    version: number,
  ): void {
    for (const { table, changes: changed } of changes) {
      const id = ids.get(table) as number;
      const first = this.early.parts.get(table) ?? 0;
      for (const [i, bytes] of changed.undo.entries()) {
        writeUndo(writing, version, id, first + i, { before: table.committed, bytes });
      }
      // In the order of the file: neighbours share pages.
      const rows = changed.rows.toSorted(([a], [b]) => Buffer.compare(a, b));
      for (const [key, value] of rows) writeRow(this.environment, writing, id, key, value);
      const since = table.id === undefined ? version : table.since;
      writeRowTable(writing, id, { ...table.name, since, ...changed.after });
    }
  }

  /** The transaction is through: what is in memory follows. */
  private accept(changes: readonly TableChange[], ids: ReadonlyMap<AnyTable, number>): void {
    const version = (this.lastCommitted?.version ?? 0) + 1;
    const after = new Map(changes.map(({ table, changes: changed }) => [table, changed.after]));
    for (const [table, id] of ids) {
      if (table.id === undefined) table.since = version;
      table.id = id;
      this.nextTable = Math.max(this.nextTable, id + 1);
    }
    for (const { table } of this.tables) if (table.touched > 0) table.accept(after.get(table));
  }

  /** Puts the rows of what was given up back. A failure leaves the rest for the next call: nothing is read before it is done. */
  private finishUnwinding(): void {
    if (!this.mustUnwind) return;
    for (const step of this.unwinding()) void step;
    this.mustUnwind = false;
  }

  private *unwinding(): Generator<number> {
    const version = this.lastCommitted?.version ?? 0;
    const tables = readRowTables(this.environment);
    yield* unwind(this.environment, version, tables);
    const unknown = [...tables].filter(([, { since }]) => since > version);
    if (unknown.length === 0) return;
    this.environment.transact(`going back to version ${version}`, (writing) => {
      for (const [id] of unknown) writing.remove(tableKey(id));
    });
    for (const { table } of this.tables) if (table.since > version) table.id = undefined;
  }

  /** Replaces the tables in memory by those of the file. */
  private findTables(): void {
    const stored = readRowTables(this.environment);
    this.garbage = this.environment.keys(...keysOf('g')).map(parseTableKey);
    this.nextTable = Math.max(0, ...stored.keys(), ...this.garbage) + 1;
    const records = new Map<string, RowTableRecord & { readonly id: number }>();
    for (const [id, record] of stored) records.set(nameOf(record), { ...record, id });
    this.tables = new TableSet((name) => new RowTable(this.owner, name, records.get(nameOf(name))));
    for (const { operator, name, partition } of stored.values()) this.tables.open(operator, name, partition);
    // What comes later under the same name is another table.
    records.clear();
  }

  private moment(): ReturnType<typeof rowMomentOf> {
    this.finishUnwinding();
    return rowMomentOf(this.environment, (what) => this.environment.damaged(what));
  }
}

function nothingEarly(): Early {
  return { parts: new Map(), changedKeys: 0, sizeBytes: 0 };
}

function throwAway(writing: Writing, table: number): void {
  writing.remove(tableKey(table));
  writing.put(garbageKey(table), new Uint8Array(0));
}

function nameOf({ operator, name, partition }: TableName): string {
  return `${operator}\n${name}\n${partition}`;
}
