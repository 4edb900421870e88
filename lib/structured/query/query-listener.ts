import type { StreamingQueryProgress } from './progress.ts';

/** Told what the queries of a session do, in order. What a listener throws is told to people and changes nothing. */
export interface StreamingQueryListener {
  /** Before `start()` resolves. */
  onQueryStarted?(event: QueryStartedEvent): void;
  /** After each batch. */
  onQueryProgress?(event: QueryProgressEvent): void;
  /** While nothing comes, every 10 seconds (`spark.sql.streaming.noDataProgressEventInterval`). */
  onQueryIdle?(event: QueryIdleEvent): void;
  onQueryTerminated?(event: QueryTerminatedEvent): void;
}

interface QueryEvent {
  readonly id: string;
  readonly runId: string;
}

export interface QueryStartedEvent extends QueryEvent {
  readonly name: string | null;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface QueryProgressEvent {
  readonly progress: StreamingQueryProgress;
}

export interface QueryIdleEvent extends QueryEvent {
  readonly timestamp: string;
}

export interface QueryTerminatedEvent extends QueryEvent {
  /** The text of the failure; null when the query was stopped or came to its end. */
  readonly exception: string | null;
  /** The code of the failure. */
  readonly errorClassOnException: string | null;
}
