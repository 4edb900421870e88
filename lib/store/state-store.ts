import type { OffsetRange } from '../io/offsets.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { ReceivedLog } from './received-log.ts';
import type { StateTable } from './state-table.ts';

/** What a batch will read, fixed before it runs: a rerun reads the same and carries the same time. */
export interface BatchPlan {
  readonly batchTime: number;
  /** By source name. A batch may read a source at several of its times (a window that slides by more than one interval). */
  readonly ranges: Readonly<Record<string, readonly PlannedRange[]>>;
  /** Which run of the batch is the next: durable before it begins, so that it is true after any crash. 1 where it is left out. */
  readonly attempt?: number;
  /** The batch may end without a commit of its own, so that a crash leaves open whether it has run. */
  readonly sharesCommit?: boolean;
  /** Left by a program that ended in order before this batch was begun. */
  readonly isUntouched?: boolean;
  /** What else was settled when the batch was planned, and holds again when it runs again. Small, and free for the engine. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface PlannedRange extends OffsetRange {
  /** The batch time of the input that this range belongs to. */
  readonly time: number;
  /** What else the input has to know to read the same again: names of files. Small, and of the kinds that the codec keeps. */
  readonly detail?: unknown;
}

/** Where each source goes on, by source name. */
export type SourceOffsets = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What is durable together with the state of a batch, in one transaction. */
export interface CommitRecord {
  /** 1, 2, 3 ...: the version of the state. Several empty batches may share one. */
  readonly version: number;
  readonly batchTime: number;
  readonly offsets: SourceOffsets;
  /** Free for the engine. Small. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** Records of the batches in this version, for people. */
  readonly records: number;
}

export interface CommitStats {
  /** Keys written or removed. */
  readonly changedKeys: number;
  readonly sizeBytes: number;
  readonly commitMs: number;
}

/** A step that keeps state, as the checkpoint remembers it. */
export interface OperatorSignature {
  readonly id: OperatorId;
  /** Keys are spread over so many tables; another number would look for them in the wrong one. */
  readonly partitions: number;
  /** The method that made it, in kebab case. For people; checkpoints of the first versions do not have it. */
  readonly kind?: string;
  /** The batch time after which it came into a program that ran already: it does not ask for what was before. */
  readonly since?: number;
}

/** An input, as the checkpoint remembers it. */
interface InputSignature {
  readonly id: OperatorId;
  readonly kind: string;
}

/** The program that a store belongs to; durable before its first batch is planned. */
export interface ProgramRecord {
  readonly appName: string;
  readonly batchIntervalMs: number;
  /** Batch times are this plus whole intervals, also after a restart. */
  readonly zeroTime: number;
  readonly operators: readonly OperatorSignature[];
  /** Checkpoints of the first versions do not have them. */
  readonly inputs?: readonly InputSignature[];
  /** What else the engine wants to know again at the next start. Small. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/**
 * Keyed state of one application and the record of its batches.
 *
 * Order for each batch: `plan` (durable), then reads and writes of tables, then `commit` (tables, offsets and batch time in one
 * durable transaction) or `discard`. Nothing of a batch is visible to another process before its commit, all of it after.
 */
export interface StateStore {
  /** The program of the first start, or of the last `describe`. */
  readonly program: ProgramRecord | undefined;
  /** Makes the program durable. */
  describe(program: ProgramRecord): void;
  /** Records from outside that cannot be asked for again, until their batch is committed. */
  readonly received: ReceivedLog;
  /** The operator's table: the same object for the same arguments until `rollbackTo`. Created when first asked for. */
  table<K, V>(operator: OperatorId, name: string, partition?: number): StateTable<K, V>;
  /** For tables that other threads work on; absent where a table is not in memory as a whole. */
  readonly away?: HandedOutTables;
  /** Makes plans durable; replaces a plan of the same batch time. */
  plan(plans: readonly BatchPlan[]): void;
  /** Plans that are durable and not committed, in order of batch time. */
  readonly pendingPlans: readonly BatchPlan[];
  /**
   * Writes the changes of all tables and the record, and drops the plans up to its batch time. When it fails nothing was written
   * and the changes are still there: it may be called again. The plan of the batch that follows becomes durable with it; none is pending for
   * that time.
   */
  commit(record: CommitRecord, next?: BatchPlan): CommitStats;
  /** Forgets all changes since the last commit. */
  discard(): void;
  readonly lastCommitted: CommitRecord | undefined;
  /** Operator ids that have state in the last committed version. */
  readonly operators: readonly OperatorId[];
  /** Drops the state of an operator with the next commit, its past versions too. */
  dropOperator(operator: OperatorId): void;
  /** Versions that can still be read, oldest first. */
  readonly versions: readonly CommitRecord[];
  /** What the last batches that were committed have read, oldest first: at least those of the versions that can still be read. */
  readonly donePlans: readonly BatchPlan[];
  /** A past version of one table, read-only; the running job is not disturbed. */
  tableAt<K, V>(version: number, operator: OperatorId, name: string, partition?: number): ReadonlyMapLike<K, V>;
  /** The tables that a version holds. */
  tablesAt(version: number): readonly TableName[];
  /**
   * Goes back to an earlier retained version; later ones are dropped and their plans are pending again. 0 is the empty state, for as
   * long as version 1 is retained. Tables are new objects.
   */
  rollbackTo(version: number): void;
  /** One bounded step of housekeeping (writing a compacted base). To be called between batches, once after each commit. */
  maintain(): void;
  /** Changes that were not committed are lost. May be called twice. */
  close(): Promise<void>;
}

export interface TableName {
  readonly operator: OperatorId;
  readonly name: string;
  readonly partition: number;
}

/** A table, or what a batch has changed in it: parts of the form of `DeltaWriter`, to be applied in order. */
export interface PackedTable extends TableName {
  readonly parts: readonly Uint8Array[];
  /** Keys in the parts. */
  readonly count: number;
  /** Of the whole table: its keys, and the bytes of keys and values. */
  readonly size: number;
  readonly sizeBytes: number;
}

/**
 * What leads tables of a store to other threads, and back. A table that is handed out is not to be read or written here until it is taken
 * back; it is committed and discarded with all others.
 */
export interface HandedOutTables {
  /** Hands out the tables of an operator that `mayGo` says yes to; gives all of them. Again for one that was handed out: its thread is gone. */
  handOut(operator: OperatorId, mayGo: (table: TableName) => boolean): readonly PackedTable[];
  /** Takes what a batch has changed in tables elsewhere as changes of this batch. */
  absorb(changes: readonly PackedTable[]): void;
  /** Every table is here again. */
  takeBack(): void;
}

export interface ReadonlyMapLike<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  entries(): Iterable<readonly [K, V]>;
}
