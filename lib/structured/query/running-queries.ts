import type { RunningQuery } from './running-query.ts';
import type { StreamingQueryProgress } from './progress.ts';
import type { PlannedQuery } from './dry-query.ts';
import type { BatchDetail } from './query-inspection.ts';

/** Somebody who looks after all queries of this process: the command. */
export interface QueryWatch {
  started(query: RunningQuery): void;
  /** A batch begins; it may never end. */
  batchStarted(batchId: number): void;
  /** A query was asked for where nothing is started. */
  planned?(query: PlannedQuery): void;
  /** A query over static data has begun. */
  collected?(): void;
  progressed(progress: StreamingQueryProgress, detail: BatchDetail): void;
  /** The query is over; everything of it is closed. */
  ended?(query: RunningQuery): void;
}

const watches = new Set<QueryWatch>();

/** Tells of every query that starts in this process, and of its batches. Returns what ends the watching. */
export function watchQueries(watch: QueryWatch): () => void {
  watches.add(watch);
  return () => {
    watches.delete(watch);
  };
}

export function tellWatches(tell: (watch: QueryWatch) => void): void {
  for (const watch of watches) tell(watch);
}
