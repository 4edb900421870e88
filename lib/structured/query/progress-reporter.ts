import type { Clock } from '../../kernel/clock.ts';
import type { BatchPlan } from '../../store/state-store.ts';
import type { CompiledQuery, EventTimes } from '../operators/compiled-query.ts';
import type { StateMetrics } from '../operators/physical-operator.ts';
import type { RowObject } from '../operators/row-objects.ts';
import type { QueryIdentity } from './micro-batch-execution.ts';
import type { StateOperatorProgress, StreamingQueryProgress, WatermarkProgress } from './progress.ts';
import type { QuerySink } from './query-sink.ts';
import type { SourceReader } from './source-reader.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { NodeWatermark } from './watermark-tracker.ts';

/** What is known of a batch when its rows have gone through. */
export interface BatchFigures {
  /** Rows of each streaming source. */
  readonly inputRows: readonly number[];
  readonly outputRows: number;
  readonly eventTimes: readonly EventTimes[];
  readonly states: readonly OperatorFigures[];
  readonly observed: Readonly<Record<string, RowObject>>;
}

/** What an operator that keeps state did in a batch. */
export interface OperatorFigures {
  readonly id: string;
  readonly name: string;
  readonly metrics: StateMetrics;
}

export interface CompletedBatch {
  readonly batchId: number;
  readonly plan: BatchPlan;
  readonly startedMs: number;
  readonly figures: BatchFigures;
  readonly watermarkMs: number;
  /** What each `withWatermark` node has reached with the batch. */
  readonly nodes: readonly NodeWatermark[];
  readonly stopwatch: Stopwatch;
}

interface ReporterSetup {
  readonly identity: QueryIdentity;
  readonly clock: Clock;
  readonly hasWatermark: boolean;
  readonly sources: readonly SourceReader[];
  readonly compiled: CompiledQuery;
  readonly sink: QuerySink;
}

const kept = 100;

/** Makes Spark's progress of each batch and keeps the last 100. */
export class ProgressReporter {
  readonly #setup: ReporterSetup;
  #recent: StreamingQueryProgress[] = [];
  #lastStartMs: number | undefined;

  constructor(setup: ReporterSetup) {
    this.#setup = setup;
  }

  get recent(): readonly StreamingQueryProgress[] {
    return [...this.#recent];
  }

  completed(batch: CompletedBatch): StreamingQueryProgress {
    const { identity, sources, sink } = this.#setup;
    const { figures, stopwatch, startedMs } = batch;
    const durationMs = stopwatch.durations();
    const batchMs = durationMs['triggerExecution'] ?? 0;
    const sinceMs = this.#lastStartMs === undefined ? undefined : startedMs - this.#lastStartMs;
    this.#lastStartMs = startedMs;
    const rates = (rows: number) => ({
      inputRowsPerSecond: perSecond(rows, sinceMs),
      processedRowsPerSecond: perSecond(rows, batchMs),
    });
    const numInputRows = figures.inputRows.reduce((sum, rows) => sum + rows, 0);
    const progress: StreamingQueryProgress = {
      id: identity.id,
      runId: identity.runId,
      name: identity.name,
      timestamp: isoTime(startedMs),
      batchId: batch.batchId,
      batchDuration: batchMs,
      numInputRows,
      ...rates(numInputRows),
      durationMs,
      eventTime: this.#eventTime(figures.eventTimes, batch.watermarkMs),
      stateOperators: figures.states.map((state) => stateProgress(state, stopwatch)),
      sources: sources.map((source, i) => {
        const rows = figures.inputRows[i] ?? 0;
        return source.progress(batch.plan.ranges[source.name]?.at(-1), rows, rates(rows));
      }),
      sink: { description: sink.description, numOutputRows: figures.outputRows, metrics: sink.metrics?.() ?? {} },
      observedMetrics: figures.observed,
      watermarks: this.#watermarks(batch.nodes),
    };
    this.#recent.push(progress);
    if (this.#recent.length > kept) this.#recent.shift();
    return progress;
  }

  #watermarks(nodes: readonly NodeWatermark[]): readonly WatermarkProgress[] {
    const { compiled, sources } = this.#setup;
    return nodes.map(({ watermarkMs, isIdle, isPinning }, i) => {
      const { column = '', sourceIds = [] } = compiled.watermarks[i] ?? {};
      return {
        column,
        sources: sources.filter(({ id }) => sourceIds.includes(id)).map(({ source }) => source.description),
        watermark: isoTime(watermarkMs),
        isIdle,
        isPinning,
      };
    });
  }

  /** Of all `withWatermark` nodes together; only the watermark when no row had a time. */
  #eventTime(times: readonly EventTimes[], watermarkMs: number): Readonly<Record<string, string>> {
    if (!this.#setup.hasWatermark) return {};
    const watermark = isoTime(watermarkMs);
    const seen = times.filter(({ count }) => count > 0);
    if (seen.length === 0) return { watermark };
    const count = seen.reduce((sum, one) => sum + one.count, 0);
    const total = seen.reduce((sum, one) => sum + (one.averageUs ?? 0) * (one.count / count), 0);
    return {
      max: isoTime(Math.floor(Math.max(...seen.map(({ maxUs }) => maxUs ?? Number.NEGATIVE_INFINITY)) / 1000)),
      min: isoTime(Math.floor(Math.min(...seen.map(({ minUs }) => minUs ?? Number.POSITIVE_INFINITY)) / 1000)),
      avg: isoTime(Math.floor(total / 1000)),
      watermark,
    };
  }
}

/** @example isoTime(0)   // => '1970-01-01T00:00:00.000Z' */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function stateProgress({ id, name, metrics }: OperatorFigures, stopwatch: Stopwatch): StateOperatorProgress {
  const { addBatch = 0, commitOffsets = 0 } = stopwatch.durations();
  return {
    operatorName: name,
    numRowsTotal: metrics.rowsTotal,
    numRowsUpdated: metrics.rowsUpdated,
    allUpdatesTimeMs: addBatch,
    numRowsRemoved: metrics.rowsRemoved,
    allRemovalsTimeMs: 0,
    commitTimeMs: commitOffsets,
    memoryUsedBytes: metrics.memoryUsedBytes,
    numRowsDroppedByWatermark: metrics.rowsDroppedByWatermark,
    numShufflePartitions: 1,
    numStateStoreInstances: 1,
    customMetrics: {
      ...metrics.customMetrics,
      lateRows: metrics.lateRows,
      evictedRows: metrics.rowsEvicted,
      evictedBytes: metrics.bytesEvicted,
    },
    operatorId: id,
    ...(metrics.watermarkUs === undefined ? {} : { watermark: isoTime(Math.floor(metrics.watermarkUs / 1000)) }),
    ...(metrics.lateWatermarkUs === undefined
      ? {}
      : { lateWatermark: isoTime(Math.floor(metrics.lateWatermarkUs / 1000)) }),
  };
}

/** 0 where nothing can be said: JSON has no infinity. */
function perSecond(rows: number, ms: number | undefined): number {
  return ms === undefined || ms <= 0 ? 0 : (rows * 1000) / ms;
}
