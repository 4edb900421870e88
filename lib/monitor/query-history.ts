import type { Clock } from '../kernel/clock.ts';
import type { SourceProgress, StreamingQueryProgress } from '../structured/query/progress.ts';
import type { LateRow } from '../structured/query/late-samples.ts';
import type {
  CommitFacts,
  GraphFacts,
  LateRowFacts,
  OperatorFigures,
  ProgressFacts,
  QueryFacts,
  RunState,
} from './facts.ts';
import { flatOffset, lagOf, rangesOf } from './offset-ranges.ts';
import { Ring } from './ring.ts';
import { slowProgress } from './slow-batch.ts';

/** What a history is told of a query when that starts. */
export interface WatchedQuery {
  readonly id: string;
  readonly runId: string;
  readonly name: string | null;
  readonly graph: GraphFacts;
  /** As the query says it of itself at this moment. */
  readonly status: () => string;
}

/** What a batch told beside Spark's progress. */
export interface BatchExtras {
  readonly commit?: CommitFacts;
  readonly operators?: readonly OperatorFigures[];
  readonly late?: readonly LateRow[];
}

/** Batches that are kept of each query. */
export const keptProgress = 1000;
/** Late rows that are kept of each query, and of each of its batches. */
export const keptLateRows = 200;

/** Keeps what the progress of a query tells: its last batches, its totals. */
export class QueryHistory {
  readonly #query: WatchedQuery;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #startedMs: number;
  readonly #done = new Ring<ProgressFacts>(keptProgress);
  readonly #late = new Ring<LateRowFacts>(keptLateRows);
  #sources: readonly SourceProgress[] = [];
  #endedMs: number | undefined;
  #batches = 0;
  #rows = 0;
  #busyMs = 0;
  #state: RunState = 'active';
  #error: string | undefined;

  constructor(query: WatchedQuery, clock: Clock, changed: () => void) {
    this.#query = query;
    this.#clock = clock;
    this.#changed = changed;
    this.#startedMs = clock.now();
  }

  get runId(): string {
    return this.#query.runId;
  }

  /** Batches that were done, also those that are kept no longer. */
  get count(): number {
    return this.#batches;
  }

  progressed(progress: StreamingQueryProgress, { late = [], ...extras }: BatchExtras = {}): void {
    this.#batches += 1;
    this.#rows += progress.numInputRows;
    this.#busyMs += progress.batchDuration;
    this.#sources = progress.sources;
    const facts = { ...progressFacts(progress), ...extras };
    for (const row of late) this.#late.push(lateFacts(progress.batchId, row));
    const slow = slowProgress(facts, this.#done.last(50));
    this.#done.push(slow === undefined ? facts : { ...facts, slow });
    this.#changed();
  }

  ended(error?: string): void {
    this.#state = error === undefined ? 'stopped' : 'failed';
    this.#error = error;
    this.#endedMs = this.#clock.now();
    this.#changed();
  }

  /** The newest batches, oldest of them first. */
  progress(count: number = keptProgress): readonly ProgressFacts[] {
    return this.#done.last(count);
  }

  /** The newest rows that came too late, oldest of them first; none where nobody asked for them before the query began. */
  lateRows(count: number = keptLateRows): readonly LateRowFacts[] {
    return this.#late.last(count);
  }

  get facts(): QueryFacts {
    const { id, runId, name, graph, status } = this.#query;
    const last = this.#done.last(1)[0];
    const ranMs = (this.#endedMs ?? this.#clock.now()) - this.#startedMs;
    return {
      kind: 'query',
      id,
      runId,
      name,
      state: this.#state,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      status: status(),
      startedMs: this.#startedMs,
      ...(this.#endedMs === undefined ? {} : { endedMs: this.#endedMs }),
      batches: this.#batches,
      rows: this.#rows,
      averageInputPerSecond: perSecond(this.#rows, ranMs),
      averageProcessedPerSecond: perSecond(this.#rows, this.#busyMs),
      graph,
      lag: this.#sources.flatMap(({ startOffset, endOffset, latestOffset }) =>
        lagOf(rangesOf(startOffset, endOffset), new Map(flatOffset(latestOffset))),
      ),
      ...(last === undefined ? {} : { last }),
    };
  }
}

function lateFacts(batchId: number, { operator, watermarkUs, eventTimeUs, window, key, row }: LateRow): LateRowFacts {
  return {
    batchId,
    operator,
    ...(watermarkUs === undefined ? {} : { watermarkMs: watermarkUs / 1000 }),
    ...(eventTimeUs === undefined ? {} : { eventTimeMs: eventTimeUs / 1000 }),
    ...(window === undefined ? {} : { window: { startMs: window[0] / 1000, endMs: window[1] / 1000 } }),
    ...(key === undefined ? {} : { key }),
    row,
  };
}

function progressFacts(progress: StreamingQueryProgress): ProgressFacts {
  const { eventTime } = progress;
  const startedMs = Date.parse(progress.timestamp);
  const watermarkMs = timeOf(eventTime['watermark']);
  const maxEventTimeMs = timeOf(eventTime['max']);
  const minEventTimeMs = timeOf(eventTime['min']);
  return {
    batchId: progress.batchId,
    startedMs,
    rows: progress.numInputRows,
    outputRows: progress.sink.numOutputRows,
    inputPerSecond: progress.inputRowsPerSecond,
    processedPerSecond: progress.processedRowsPerSecond,
    durationMs: progress.batchDuration,
    phasesMs: progress.durationMs,
    // At the epoch it stands for: nothing was seen yet.
    ...(watermarkMs === undefined ? {} : { watermarkMs }),
    ...(watermarkMs === undefined || watermarkMs === 0 ? {} : { watermarkGapMs: startedMs - watermarkMs }),
    ...(maxEventTimeMs === undefined ? {} : { maxEventTimeMs }),
    ...(minEventTimeMs === undefined ? {} : { minEventTimeMs }),
    sources: progress.sources.map(({ description, numInputRows, startOffset, endOffset }) => ({
      description,
      rows: numInputRows,
      ranges: rangesOf(startOffset, endOffset),
    })),
    state: progress.stateOperators.map((operator) => ({
      name: operator.operatorName,
      operator: operator.operatorId,
      rows: operator.numRowsTotal,
      updatedRows: operator.numRowsUpdated,
      removedRows: operator.numRowsRemoved,
      memoryBytes: operator.memoryUsedBytes,
      droppedRows: operator.numRowsDroppedByWatermark,
      lateRows: operator.customMetrics['lateRows'] ?? 0,
    })),
    sink: progress.sink.description,
  };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function perSecond(count: number, ms: number): number {
  return ms <= 0 ? 0 : (count * 1000) / ms;
}
