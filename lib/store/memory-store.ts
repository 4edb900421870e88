import { type Clock, systemClock } from '../kernel/clock.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import { ByteTable } from './byte-table.ts';
import { MemoryReceivedLog } from './memory-received-log.ts';
import { copiesOf } from './packed-tables.ts';
import { PlanBook } from './plan-book.ts';
import { assertNextVersion, raiseNoVersion, retainVersionsOf } from './retained-versions.ts';
import type {
  BatchPlan,
  CommitRecord,
  CommitStats,
  ProgramRecord,
  ReadonlyMapLike,
  HandedOutTables,
  StateStore,
  TableName,
} from './state-store.ts';
import type { StateTable } from './state-table.ts';
import { byteTables, type TableEntry } from './table-set.ts';

const partBytes = 1 << 20;
/** Plans are small: they are known for longer than versions can be read. */
const keptPlans = 100;

export interface MemoryStoreOptions {
  /** Versions that can be read and gone back to, the newest included; 10 unless told otherwise. */
  readonly retainVersions?: number;
  readonly clock?: Clock;
}

interface Version {
  readonly record: CommitRecord;
  readonly plans: readonly BatchPlan[];
  /** What leads back to the version before. */
  readonly undo: ReadonlyMap<TableEntry, readonly Uint8Array[]>;
}

/** A store that lives and ends with the process: the tables of the durable one, with the way back to earlier versions in memory. */
export class MemoryStore implements StateStore {
  program: ProgramRecord | undefined;
  readonly received = new MemoryReceivedLog();
  readonly away: HandedOutTables = copiesOf(() => this.tables);
  private readonly retainVersions: number;
  private readonly clock: Clock;
  private tables = byteTables();
  private readonly plans = new PlanBook();
  private history: Version[] = [];
  /** Plans of versions that can no longer be read. */
  private forgotten: BatchPlan[] = [];
  private readonly droppedOperators = new Set<OperatorId>();
  /** Operators of which something was committed. */
  private readonly withState = new Set<OperatorId>();

  constructor(options: MemoryStoreOptions = {}) {
    this.retainVersions = retainVersionsOf(options.retainVersions);
    this.clock = options.clock ?? systemClock;
  }

  describe(program: ProgramRecord): void {
    this.program = program;
  }

  table<K, V>(operator: OperatorId, name: string, partition = 0): StateTable<K, V> {
    this.droppedOperators.delete(operator);
    return this.tables.open(operator, name, partition).table as unknown as StateTable<K, V>;
  }

  plan(plans: readonly BatchPlan[]): void {
    this.plans.add(plans);
  }

  get pendingPlans(): readonly BatchPlan[] {
    return this.plans.pending;
  }

  commit(record: CommitRecord, next?: BatchPlan): CommitStats {
    const startedMs = this.clock.monotonicMs();
    assertNextVersion(this.lastCommitted, record);
    for (const operator of this.droppedOperators) this.forget(operator);
    const undo = new Map<TableEntry, readonly Uint8Array[]>();
    let changedKeys = 0;
    let sizeBytes = 0;
    for (const entry of this.tables) {
      if (entry.table.touched === 0) continue;
      const writer = entry.table.packUndo(partBytes);
      const parts = writer.finish();
      changedKeys += writer.count;
      sizeBytes += writer.sizeBytes;
      if (parts.length > 0) {
        undo.set(entry, parts);
        this.withState.add(entry.operator);
      }
      entry.table.accept();
    }
    this.history.push({ record, plans: this.plans.take(record.batchTime), undo });
    if (next !== undefined) this.plans.add([next]);
    if (this.history.length > this.retainVersions) {
      this.forgotten.push(...(this.history.shift()?.plans ?? []));
      if (this.forgotten.length > keptPlans) this.forgotten = this.forgotten.slice(-keptPlans);
    }
    return { changedKeys, sizeBytes, commitMs: this.clock.monotonicMs() - startedMs };
  }

  discard(): void {
    this.droppedOperators.clear();
    this.tables.discard();
  }

  get lastCommitted(): CommitRecord | undefined {
    return this.history.at(-1)?.record;
  }

  get operators(): readonly OperatorId[] {
    return this.tables.operators.filter((operator) => this.withState.has(operator));
  }

  dropOperator(operator: OperatorId): void {
    this.droppedOperators.add(operator);
  }

  get versions(): readonly CommitRecord[] {
    return this.history.map((version) => version.record);
  }

  get donePlans(): readonly BatchPlan[] {
    return [...this.forgotten, ...this.history.flatMap(({ plans }) => plans)];
  }

  tableAt<K, V>(version: number, operator: OperatorId, name: string, partition = 0): ReadonlyMapLike<K, V> {
    const later = this.after(version);
    const copy = new ByteTable<K, V>(operator);
    const entry = this.tables.find(operator, name, partition);
    if (entry === undefined) return copy;
    for (const part of entry.table.packCommitted(partBytes)) copy.apply(part);
    for (const { undo } of later) for (const part of undo.get(entry) ?? []) copy.apply(part);
    return copy;
  }

  tablesAt(version: number): readonly TableName[] {
    this.after(version);
    return [...this.tables].map(({ operator, name, partition }) => ({ operator, name, partition }));
  }

  rollbackTo(version: number): void {
    const later = this.after(version);
    this.discard();
    for (const { undo, plans } of later) {
      for (const [entry, parts] of undo) for (const part of parts) entry.table.apply(part);
      this.plans.add(plans);
    }
    this.history.length -= later.length;
  }

  maintain(): void {
    // Nothing is kept that would have to be compacted.
  }

  close(): Promise<void> {
    this.tables = byteTables();
    this.history = [];
    return Promise.resolve();
  }

  /** The versions after one that is retained, newest first. Version 0 is the empty state before the first commit. */
  private after(version: number): readonly Version[] {
    if (version === 0 && (this.history[0]?.record.version ?? 1) === 1) return this.history.toReversed();
    const at = this.history.findIndex(({ record }) => record.version === version);
    if (at < 0) raiseNoVersion(version, this.versions);
    return this.history.slice(at + 1).toReversed();
  }

  private forget(operator: OperatorId): void {
    this.withState.delete(operator);
    for (const entry of this.tables.drop(operator)) {
      for (const { undo } of this.history) (undo as Map<TableEntry, unknown>).delete(entry);
    }
  }
}
