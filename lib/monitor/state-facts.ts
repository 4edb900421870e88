/** What is kept in the state of one context or query, version by version. Implemented where stores may be opened; read on request only. */
export interface StateReader {
  /** Versions that can be read, oldest first. */
  versions(): readonly StateVersionFacts[];
  tables(version: number): readonly StateTableFacts[];
  /** The entries of one table, at most `limit`, those whose key or value contains `find`. */
  entries(version: number, table: StateTableName, options: EntryOptions): StateEntries;
  /** Windows that are open in a version, by their bounds. */
  windows(version: number): readonly OpenWindowFacts[];
  /** Bytes that the checkpoint takes on disk; undefined where it is in memory. */
  sizeOnDisk(): number | undefined;
}

export interface EntryOptions {
  readonly limit: number;
  readonly find: string;
}

export interface StateVersionFacts {
  readonly version: number;
  /** A batch time, or the number of a query's batch. */
  readonly batch: number;
  readonly records: number;
  readonly watermarkMs?: number;
}

export interface StateTableName {
  readonly operator: string;
  readonly table: string;
}

export interface StateTableFacts extends StateTableName {
  /** Over how many partitions it is spread. */
  readonly partitions: number;
  /** As many as the table has now, whatever the version. */
  readonly rows: number;
}

export interface StateEntries {
  readonly keyColumns: readonly string[];
  readonly valueColumns: readonly string[];
  /** As JSON texts. */
  readonly entries: readonly { readonly key: string; readonly value: string }[];
  readonly total: number;
  /** Whether there are more than were looked through or shown. */
  readonly hasMore: boolean;
}

/** An event-time window that holds rows and is not closed. */
export interface OpenWindowFacts {
  readonly operator: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: number;
  /** An event of this time would move the watermark over its end; undefined where nothing closes it. */
  readonly closesAtEventMs?: number;
}
