import type { Clock } from '../kernel/clock.ts';
import { nextTurn } from '../kernel/turns.ts';
import { MillraceError } from '../kernel/errors.ts';
import { passFaultPoint } from '../kernel/fault-point.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import { AwayTable } from '../store/away-table.ts';
import { ByteTable } from '../store/byte-table.ts';
import { absorbInto, packedTable } from '../store/packed-tables.ts';
import type {
  BatchPlan,
  CommitRecord,
  CommitStats,
  ProgramRecord,
  ReadonlyMapLike,
  HandedOutTables,
  PackedTable,
  StateStore,
  TableName,
} from '../store/state-store.ts';
import type { StateTable } from '../store/state-table.ts';
import { byteTables, type TableEntry } from '../store/table-set.ts';
import { readTableAt, readTablesAt } from './checkpoint-reader.ts';
import { Compaction, type CompactionRule, defaultCompaction, isCompactionDue } from './compaction.ts';
import type { Environment, Writing } from './environment.ts';
import { keysOf, parseBaseKey, tableKey } from './keys.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { LmdbReceivedLog } from './lmdb-received-log.ts';
import {
  type Base,
  baseFor,
  type Delta,
  deltaVersions,
  loadTable,
  readTables,
  removeBase,
  removeDelta,
  type TableLog,
  writeDelta,
  writeTable,
} from './table-log.ts';

const turnBytes = 8 << 20;

export interface LmdbStoreOptions {
  readonly clock: Clock;
  readonly retainVersions?: number;
  readonly compaction?: CompactionRule;
  warn(text: string): void;
}

/**
 * The durable store: tables in memory, and in LMDB what leads to them. Each commit writes one packed delta per changed table, the
 * record, and the end of its plans, in one synced transaction. `maintain` rewrites a table that has gathered many deltas as a base,
 * a few segments at a time; the base counts from the transaction that names it.
 *
 * Deltas and bases are kept for as long as a retained version needs them.
 */
export class LmdbStore implements StateStore {
  readonly received: LmdbReceivedLog;
  readonly away: HandedOutTables = {
    handOut: (operator, mayGo) => {
      this.goes.set(operator, mayGo);
      return [...this.tables]
        .filter((entry) => entry.operator === operator)
        .map((entry) => this.handOut(entry, mayGo(entry)));
    },
    absorb: (changes) => {
      for (const change of changes) this.absorb(change);
    },
    takeBack: () => {
      this.goes.clear();
      for (const entry of this.tables)
        if (entry.table instanceof AwayTable) entry.table = this.hereAgain(entry, entry.table);
    },
  };
  private readonly environment: Environment;
  private readonly clock: Clock;
  private readonly ledger: Ledger;
  private readonly rule: CompactionRule;
  private readonly warn: (text: string) => void;
  private readonly onClose: () => void;
  private readonly droppedOperators = new Set<OperatorId>();
  private tables = byteTables<AwayTable>();
  /** Of operators whose tables are elsewhere: which of them. */
  private readonly goes = new Map<OperatorId, (table: TableName) => boolean>();
  private logs = new Map<Entry, TableLog>();
  private nextTable = 1;
  private compaction: Compaction<Entry> | undefined;
  private rebuilding: Rebuilding | undefined;
  private lastDeltaBytes = 0;
  private warnedFull = false;
  private closing: Promise<void> | undefined;

  private constructor(environment: Environment, options: LmdbStoreOptions, onClose: () => void) {
    this.environment = environment;
    this.received = new LmdbReceivedLog(environment);
    this.clock = options.clock;
    this.ledger = new Ledger(environment, options.retainVersions);
    this.rule = options.compaction ?? defaultCompaction;
    this.warn = options.warn;
    this.onClose = onClose;
  }

  /** Reads everything in; lets the event loop go on in between. `onClose` is called once, after the file is closed. */
  static async load(environment: Environment, options: LmdbStoreOptions, onClose: () => void): Promise<LmdbStore> {
    const store = new LmdbStore(environment, options, onClose);
    let bytes = 0;
    for (const step of store.load(Infinity)) {
      bytes += step;
      if (bytes < turnBytes) continue;
      bytes = 0;
      await nextTurn();
    }
    store.removeOrphans();
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
    const changes = this.pack();
    const next = this.ledger.next(
      record,
      changes.map(({ log, parts }) => [log.record.id, parts.length]),
      following,
    );
    const logs = this.logsAfter(record.version, changes);
    const pruned = pruneAll(logs, next.history[0]?.record.version ?? record.version);
    const orphans =
      this.compaction !== undefined && !logs.has(this.compaction.entry) ? this.compaction.written : undefined;
    this.environment.transact(`committing batch ${record.batchTime}`, (writing) => {
      for (const [entry, log] of this.logs) if (!logs.has(entry)) removeTable(writing, log);
      if (orphans !== undefined) removeBase(writing, orphans.table, orphans);
      for (const { log, parts, isNew } of changes) {
        if (isNew) writeTable(writing, log.record);
        writeDelta(writing, log.record.id, record.version, log.deltas.at(-1)?.version ?? 0, parts);
      }
      this.ledger.write(writing, next);
      for (const { before, after } of pruned) writePruned(writing, before, after);
      passFaultPoint('in-commit');
    });
    for (const { entry, after } of pruned) logs.set(entry, after);
    this.accept(next, logs);
    this.lastDeltaBytes = changes.reduce((sum, change) => sum + change.sizeBytes, 0);
    return {
      changedKeys: changes.reduce((sum, change) => sum + change.count, 0),
      sizeBytes: this.lastDeltaBytes,
      commitMs: this.clock.monotonicMs() - startedMs,
    };
  }

  discard(): void {
    this.droppedOperators.clear();
    this.tables.discard();
  }

  get lastCommitted(): CommitRecord | undefined {
    return this.ledger.lastCommitted;
  }

  get operators(): readonly OperatorId[] {
    return [...new Set(Array.from(this.logs.keys(), ({ operator }) => operator))];
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
    return readTableAt(this.environment, version, { operator, name, partition }, (what) =>
      this.environment.damaged(what),
    );
  }

  tablesAt(version: number): readonly TableName[] {
    return readTablesAt(this.environment, version);
  }

  rollbackTo(version: number): void {
    this.ledger.assertRetained(version);
    this.discard();
    const orphans = this.compaction?.written;
    this.environment.transact(`going back to version ${version}`, (writing) => {
      for (const [, log] of this.logs) writeRolledBack(writing, log, version);
      this.ledger.rollBack(writing, version);
      if (orphans !== undefined) removeBase(writing, orphans.table, orphans);
    });
    this.compaction = undefined;
    this.rebuilding = undefined;
    this.goes.clear();
    for (const step of this.load(version)) void step;
  }

  maintain(): void {
    this.compaction ??= this.nextCompaction();
    const { compaction } = this;
    if (compaction === undefined || compaction.hasToWait) return;
    try {
      const log = compaction.step(this.environment, {
        version: this.lastCommitted?.version ?? 0,
        budgetBytes: Math.max(this.rule.stepBytes, 2 * this.lastDeltaBytes),
        segmentBytes: this.rule.segmentBytes,
      });
      if (log !== undefined) {
        this.logs.set(compaction.entry, log);
        this.compaction = undefined;
      }
      this.warnedFull = false;
    } catch (error) {
      // The batch is committed: housekeeping waits until there is room again.
      if (!(error instanceof MillraceError) || error.code !== 'CHECKPOINT_DISK_FULL') throw error;
      if (!this.warnedFull) this.warn(error.message);
      this.warnedFull = true;
    }
  }

  async close(): Promise<void> {
    this.closing ??= this.environment.close().finally(this.onClose);
    await this.closing;
  }

  /** The deltas of the batch, for tables that really changed. */
  private pack(): readonly Change[] {
    const changes: Change[] = [];
    let nextTable = this.nextTable;
    for (const entry of this.tables) {
      if (entry.table.touched === 0 || this.droppedOperators.has(entry.operator)) continue;
      const writer = entry.table.packDelta(this.rule.segmentBytes);
      const parts = writer.finish();
      if (parts.length === 0) continue;
      const known = this.logs.get(entry);
      const { operator, name, partition } = entry;
      const log = known ?? { record: { id: nextTable++, operator, name, partition, bases: [] }, deltas: [] };
      changes.push({ entry, log, parts, count: writer.count, sizeBytes: writer.sizeBytes, isNew: known === undefined });
    }
    return changes;
  }

  private logsAfter(version: number, changes: readonly Change[]): Map<Entry, TableLog> {
    const logs = new Map(this.logs);
    for (const entry of this.logs.keys()) if (this.droppedOperators.has(entry.operator)) logs.delete(entry);
    for (const { entry, log, parts, sizeBytes } of changes) {
      logs.set(entry, { ...log, deltas: [...log.deltas, { version, parts: parts.length, sizeBytes }] });
    }
    return logs;
  }

  /** The transaction is through: what is in memory follows. */
  private accept(entry: LedgerEntry, logs: Map<Entry, TableLog>): void {
    for (const operator of this.droppedOperators) this.tables.drop(operator);
    this.droppedOperators.clear();
    for (const { table } of this.tables) table.accept();
    for (const { record: table } of logs.values()) this.nextTable = Math.max(this.nextTable, table.id + 1);
    if (this.compaction !== undefined && !logs.has(this.compaction.entry)) this.compaction = undefined;
    if (this.rebuilding !== undefined && !logs.has(this.rebuilding.entry)) this.rebuilding = undefined;
    this.logs = logs;
    this.ledger.accept(entry);
  }

  private nextCompaction(): Compaction<Entry> | undefined {
    if (this.rebuilding !== undefined) return this.rebuilt(this.rebuilding);
    for (const [entry, log] of this.logs) {
      if (!isCompactionDue(log, this.rule)) continue;
      const version = this.lastCommitted?.version ?? 0;
      if (entry.table instanceof ByteTable) return this.compactionOf(entry, entry.table, version);
      const table = new ByteTable<unknown, unknown>(entry.operator);
      this.rebuilding = { entry, table, version, steps: this.readInto(entry, table) };
      return undefined;
    }
    return undefined;
  }

  private compactionOf(entry: Entry, table: ByteTable<unknown, unknown>, version: number): Compaction<Entry> {
    const log = this.logs.get(entry) as TableLog;
    return new Compaction(entry, table, () => this.logs.get(entry) ?? log, version);
  }

  /** A table that is elsewhere is read from the file to be compacted, as much at a time as a base is written. */
  private rebuilt({ entry, table, version, steps }: Rebuilding): Compaction<Entry> | undefined {
    const budgetBytes = Math.max(this.rule.stepBytes, 2 * this.lastDeltaBytes);
    for (let read = 0; read < budgetBytes;) {
      const step = steps.next();
      if (step.done === true) {
        this.rebuilding = undefined;
        return this.compactionOf(entry, table, version);
      }
      read += step.value;
    }
    return undefined;
  }

  /** What is committed of a table, read into something. */
  private *readInto(entry: Entry, into: Pick<ByteTable<unknown, unknown>, 'reserve' | 'apply'>): Generator<number> {
    const log = this.logs.get(entry);
    if (log === undefined) return;
    const upTo = this.lastCommitted?.version ?? 0;
    // Older deltas are there for older versions, and may go while this is read in steps.
    const from = baseFor(log.record, upTo)?.from ?? 0;
    yield* loadTable({
      reading: this.environment,
      table: log.record,
      versions: log.deltas.map(({ version }) => version).filter((version) => version > from),
      history: this.ledger.history,
      into,
      upTo,
      damaged: (what) => this.environment.damaged(what),
    });
  }

  /** A table for another thread. What stays behind, where it goes, is what is not committed. */
  private handOut(entry: Entry, mayGo: boolean): PackedTable {
    const { operator, name, partition, table } = entry;
    if (table instanceof ByteTable) {
      const packed = packedTable({ operator, name, partition }, table);
      if (mayGo) {
        const delta = table.packDelta(this.rule.segmentBytes);
        // As it is committed: a compaction of it may be under way, and would wait for a commit that it never sees.
        table.discard();
        const away = new AwayTable(table);
        away.take({ ...packed, parts: delta.finish(), count: delta.count });
        entry.table = away;
      }
      return packed;
    }
    const parts: Uint8Array[] = [];
    const into = { reserve: () => undefined, apply: (part: Uint8Array) => void parts.push(part.slice()) };
    for (const step of this.readInto(entry, into)) void step;
    parts.push(...table.pending.map((part) => part.slice()));
    const { size, sizeBytes } = table;
    return { operator, name, partition, parts, count: size, size, sizeBytes };
  }

  private absorb(change: PackedTable): void {
    const { operator, name, partition } = change;
    const entry = this.tables.open(operator, name, partition);
    if (entry.table instanceof ByteTable && entry.table.size === 0 && this.goes.get(operator)?.(entry) === true)
      entry.table = new AwayTable({ size: 0, sizeBytes: 0 });
    if (entry.table instanceof AwayTable) entry.table.take(change);
    else absorbInto(entry.table, change);
  }

  private hereAgain(entry: Entry, away: AwayTable): ByteTable<unknown, unknown> {
    const table = new ByteTable<unknown, unknown>(entry.operator);
    for (const step of this.readInto(entry, table)) void step;
    for (const part of away.pending) table.absorb(part);
    return table;
  }

  /** Replaces everything in memory by what the file holds, up to a version. Each step gives the bytes it has read. */
  private *load(upTo: number): Generator<number> {
    const reading = this.environment;
    const tables = byteTables<AwayTable>();
    const logs = new Map<Entry, TableLog>();
    this.ledger.load();
    const { history } = this.ledger;
    const last = Math.min(upTo, history.at(-1)?.record.version ?? 0);
    const versions = deltaVersions(reading);
    for (const record of readTables(reading)) {
      const entry = tables.open(record.operator, record.name, record.partition);
      const deltas = yield* loadTable({
        reading,
        table: record,
        versions: versions.get(record.id) ?? [],
        history,
        into: entry.table as ByteTable<unknown, unknown>,
        upTo: last,
        damaged: (what) => this.environment.damaged(what),
      });
      logs.set(entry, { record, deltas });
      this.nextTable = Math.max(this.nextTable, record.id + 1);
    }
    this.tables = tables;
    this.logs = logs;
  }

  /** Segments of a base that was begun and never came to count. */
  private removeOrphans(): void {
    const known = new Set<string>();
    for (const { record } of this.logs.values()) for (const base of record.bases) known.add(`${record.id}/${base.id}`);
    const orphans = this.environment.keys(...keysOf('b')).filter((key) => {
      const { table, base } = parseBaseKey(key);
      return !known.has(`${table}/${base}`);
    });
    if (orphans.length === 0) return;
    this.environment.transact('removing an unfinished base', (writing) => {
      for (const key of orphans) writing.remove(key);
    });
  }
}

type Entry = TableEntry<ByteTable<unknown, unknown> | AwayTable>;

/** A table on its way from the file to its compaction. */
interface Rebuilding {
  readonly entry: Entry;
  readonly table: ByteTable<unknown, unknown>;
  /** What it comes to. */
  readonly version: number;
  readonly steps: Generator<number>;
}

interface Change {
  readonly entry: Entry;
  /** As it was before this batch. */
  readonly log: TableLog;
  readonly parts: readonly Uint8Array[];
  readonly count: number;
  readonly sizeBytes: number;
  readonly isNew: boolean;
}

interface Pruned {
  readonly entry: Entry;
  readonly before: TableLog;
  readonly after: TableLog;
}

/** Leaves out what no version from `oldest` on needs. */
function pruneAll(logs: ReadonlyMap<Entry, TableLog>, oldest: number): readonly Pruned[] {
  const pruned: Pruned[] = [];
  for (const [entry, before] of logs) {
    const base = baseFor(before.record, oldest);
    const [first] = before.deltas;
    if (base === undefined) continue;
    if (before.record.bases[0] === base && (first === undefined || first.version > base.from)) continue;
    const bases = before.record.bases.filter((other) => other.validFrom >= base.validFrom);
    const deltas = before.deltas.filter(({ version }) => version > base.from);
    pruned.push({ entry, before, after: { record: { ...before.record, bases }, deltas } });
  }
  return pruned;
}

function writePruned(writing: Writing, before: TableLog, after: TableLog): void {
  const { id } = before.record;
  const keptBases: ReadonlySet<Base> = new Set(after.record.bases);
  const keptDeltas: ReadonlySet<Delta> = new Set(after.deltas);
  for (const base of before.record.bases) if (!keptBases.has(base)) removeBase(writing, id, base);
  for (const delta of before.deltas) if (!keptDeltas.has(delta)) removeDelta(writing, id, delta);
  if (keptBases.size < before.record.bases.length) writeTable(writing, after.record);
}

function removeTable(writing: Writing, { record, deltas }: TableLog): void {
  for (const base of record.bases) removeBase(writing, record.id, base);
  for (const delta of deltas) removeDelta(writing, record.id, delta);
  writing.remove(tableKey(record.id));
}

function writeRolledBack(writing: Writing, { record, deltas }: TableLog, version: number): void {
  const bases = record.bases.filter((base) => base.validFrom <= version);
  for (const base of record.bases) if (base.validFrom > version) removeBase(writing, record.id, base);
  for (const delta of deltas) if (delta.version > version) removeDelta(writing, record.id, delta);
  const isEmpty = bases.length === 0 && deltas.every((delta) => delta.version > version);
  if (isEmpty) writing.remove(tableKey(record.id));
  else if (bases.length < record.bases.length) writeTable(writing, { ...record, bases });
}
