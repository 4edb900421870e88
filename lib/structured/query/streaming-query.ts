import type { StreamingQueryProgress } from './progress.ts';

/** A query that was started. */
export interface StreamingQuery {
  /** The same after a restart on the same checkpoint. */
  readonly id: string;
  /** Another at each start. */
  readonly runId: string;
  readonly name: string | null;
  readonly isActive: boolean;
  readonly status: { readonly message: string; readonly isDataAvailable: boolean; readonly isTriggerActive: boolean };
  readonly lastProgress: StreamingQueryProgress | null;
  /** The last 100. */
  readonly recentProgress: readonly StreamingQueryProgress[];
  /** Resolves when the query ends: true, or false after `timeoutMs`. Rejects with the cause when it failed. */
  awaitTermination(timeoutMs?: number): Promise<boolean>;
  /** Resolves when everything that is there now has been processed and committed. */
  processAllAvailable(): Promise<void>;
  stop(): Promise<void>;
  readonly exception: unknown;
  explain(extended?: boolean): void;
}
