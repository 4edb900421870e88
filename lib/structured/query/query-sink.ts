import type { InternalRow } from '../types/data-type.ts';

/** One batch as a sink sees it. */
export interface SinkBatch {
  readonly batchId: number;
  /** 1 for the first run of a batch; more when it ran before and was not committed. */
  readonly attempt: number;
}

/**
 * Where the rows of a query go. For each batch: `begin`, `add` for every row in order, then `end`; or `begin` again when the batch
 * failed or was stopped before its end. What `end` has done is not undone: the same batch may come again after a crash, with the same
 * id and, for a query that is deterministic, the same rows.
 */
export interface QuerySink {
  /** As progress shows it. */
  readonly description: string;
  begin(batch: SinkBatch): void;
  add(row: InternalRow): void;
  /** Resolves when the rows are where they belong. Rejecting fails the batch. */
  end(): Promise<void>;
  /** Numbers of the batch that ended last, for progress: files, records, attempts. */
  metrics?(): Readonly<Record<string, string>>;
  /** May be called twice. */
  close(): Promise<void>;
}
