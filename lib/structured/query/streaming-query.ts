import type { StreamingQueryProgress } from './progress.ts';
import type { WhyAnswer } from './why-answer.ts';
import type { WhyQuestion } from './why-target.ts';

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
  /**
   * Why there is, or is not, output. A time asks about all windows with it in them, and about what steps without windows keep; a text may
   * also be `START/END` or a record: `orders-0:17`, `in/a.json:3`. `{ key, window }` asks about a group or a key. Times without a zone are
   * in the session's.
   *
   * Reads the last committed batch; it takes as long as reading the state of the step does, for a key at most a million rows of earlier
   * versions besides. A record is read again from its source and runs through the plan once more, on state of its own: functions of the
   * program are called on it, those with state are not.
   */
  why(question: WhyQuestion): Promise<WhyAnswer>;
}
