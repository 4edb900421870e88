import type { BatchPlan, CommitRecord, ProgramRecord, ReadonlyMapLike, TableName } from './state-store.ts';

/** A version that can be read, with the batches that it ended. */
export interface CommittedVersion {
  readonly record: CommitRecord;
  /** Several where empty batches shared a commit; what each read. */
  readonly plans: readonly BatchPlan[];
}

export interface TableSize {
  readonly rows: number;
  /** Bytes of keys and values. */
  readonly sizeBytes: number;
}

/**
 * A checkpoint at one consistent moment, whatever its program commits meanwhile. Every kind of store can be read through this.
 *
 * Versions that are not retained are refused with `STATE_VERSION_NOT_RETAINED`. A table that a version does not have is empty.
 */
export interface CheckpointMoment {
  readonly program: ProgramRecord | undefined;
  /** Oldest first. */
  readonly versions: readonly CommittedVersion[];
  readonly pendingPlans: readonly BatchPlan[];
  tablesAt(version: number): readonly TableName[];
  /** May read row by row: used within the moment only. */
  tableAt<K, V>(version: number, table: TableName): ReadonlyMapLike<K, V>;
  sizeAt(version: number, table: TableName): TableSize;
}

/** A store that is read from outside, beside the program that owns it or without it. */
export interface CheckpointReader {
  /** Gives `body` one moment; nothing of it may be used after `body` has returned. */
  read<T>(body: (moment: CheckpointMoment) => T): T;
  /** May be called twice. */
  close(): Promise<void>;
}
