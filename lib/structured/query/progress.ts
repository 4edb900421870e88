/** Spark's `StreamingQueryProgress`, with its field names. */
export interface StreamingQueryProgress {
  readonly id: string;
  readonly runId: string;
  readonly name: string | null;
  /** ISO 8601, when the batch began. */
  readonly timestamp: string;
  readonly batchId: number;
  readonly batchDuration: number;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  readonly durationMs: Readonly<Record<string, number>>;
  /** `watermark` is the one in force during the batch. */
  readonly eventTime: Readonly<Record<string, string>>;
  readonly stateOperators: readonly StateOperatorProgress[];
  readonly sources: readonly SourceProgress[];
  readonly sink: {
    readonly description: string;
    readonly numOutputRows: number;
    readonly metrics: Readonly<Record<string, string>>;
  };
  readonly observedMetrics: Readonly<Record<string, unknown>>;
  /** Ours: what each `withWatermark` has reached with this batch, and which of them holds the query's watermark where it is. */
  readonly watermarks: readonly WatermarkProgress[];
}

/** One `withWatermark` of a query. */
export interface WatermarkProgress {
  readonly column: string;
  /** Descriptions of the sources whose rows it sees. */
  readonly sources: readonly string[];
  /** The latest event time seen less the delay: ISO 8601. */
  readonly watermark: string;
  /** Silent for its idle timeout: it does not hold the query's watermark. */
  readonly isIdle: boolean;
  readonly isPinning: boolean;
}

export interface StateOperatorProgress {
  readonly operatorName: string;
  readonly numRowsTotal: number;
  readonly numRowsUpdated: number;
  readonly allUpdatesTimeMs: number;
  readonly numRowsRemoved: number;
  readonly allRemovalsTimeMs: number;
  readonly commitTimeMs: number;
  readonly memoryUsedBytes: number;
  readonly numRowsDroppedByWatermark: number;
  readonly numShufflePartitions: number;
  readonly numStateStoreInstances: number;
  /** Ours among them: `lateRows`, every late input row; `evictedRows` and `evictedBytes`, what left because its time had come. */
  readonly customMetrics: Readonly<Record<string, number>>;
  /** Ours: the name of the step in the checkpoint, as `millrace state` takes it. */
  readonly operatorId: string;
  /** Ours: up to when this step's input was complete in the batch; earlier than the query's behind a join that holds rows back. */
  readonly watermark?: string;
  /** Ours: what its late rows were judged by. */
  readonly lateWatermark?: string;
}

export interface SourceProgress {
  readonly description: string;
  readonly startOffset: unknown;
  readonly endOffset: unknown;
  readonly latestOffset: unknown;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  readonly metrics: Readonly<Record<string, string>>;
}
