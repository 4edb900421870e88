/** Identifies a write: the same batch and output operation after a restart carry the same id. */
export interface WriteId {
  readonly batchTime: number;
  /** Stable name of the output operation. */
  readonly operation: string;
  /** 0 for the first run of this batch, then 1, 2 ... in this process; a rerun after a restart starts at 1. */
  readonly attempt: number;
}

/** A place where rows go. `write` resolves when every row is acknowledged; rejecting fails the batch. */
export interface Sink<R = unknown> {
  readonly name: string;
  /** The same id twice counts once. */
  readonly idempotent: boolean;
  write(id: WriteId, rows: Iterable<R>): Promise<void>;
  close(): Promise<void>;
}
