/** Identifies a write: the same batch and output operation after a restart carry the same id. */
export interface WriteId {
  readonly batchTime: number;
  /** Stable name of the output operation. */
  readonly operation: string;
  /** 1 for the first run of this batch, 2 for the one after a crash or a failure, and so on. */
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
