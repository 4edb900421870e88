import type { OperatorFigures } from '../kernel/operator-figures.ts';
import type { OperatorId } from '../kernel/operator-id.ts';

export type { OperatorFigures };

/**
 * What the live page, `/api/v1` and the dashboard show. Version 1: fields are added, never changed. Times are milliseconds since the
 * epoch, durations milliseconds; what has not happened is left out.
 */
export interface ProgramFacts {
  readonly v: 1;
  readonly program: string;
  readonly startedMs: number;
  readonly nowMs: number;
  /** Whether the batches are run one by one, on demand. */
  readonly isStepping: boolean;
  readonly streams: readonly StreamFacts[];
  readonly queries: readonly QueryFacts[];
}

export type RunState = 'active' | 'stopped' | 'failed';

/** A StreamingContext. */
export interface StreamFacts {
  readonly kind: 'stream';
  /** Its number among those of the program, from 0. */
  readonly id: string;
  readonly appName: string;
  readonly intervalMs: number;
  readonly state: RunState;
  readonly error?: string;
  readonly startedMs: number;
  readonly checkpoint?: string;
  readonly batches: number;
  readonly records: number;
  readonly failedBatches: number;
  /** Submitted and not done, oldest first. */
  readonly active: readonly BatchFacts[];
  readonly inputs: readonly InputFacts[];
  readonly receivers: readonly ReceiverFacts[];
  readonly graph: GraphFacts;
  readonly lag: readonly PartitionLag[];
  readonly last?: BatchFacts;
}

export interface InputFacts {
  readonly id: number;
  readonly name: OperatorId;
  readonly records: number;
}

export interface ReceiverFacts {
  readonly id: number;
  readonly name: string;
  readonly isActive: boolean;
  readonly errors: number;
  readonly lastError?: string;
  readonly lastErrorMs?: number;
}

export type BatchStatus = 'waiting' | 'running' | 'done' | 'failed';

/** One batch of a StreamingContext. */
export interface BatchFacts {
  readonly time: number;
  readonly status: BatchStatus;
  readonly records: number;
  readonly submittedMs: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly schedulingDelayMs?: number;
  readonly processingTimeMs?: number;
  readonly totalDelayMs?: number;
  readonly isCatchUp: boolean;
  readonly inputs: readonly BatchInputFacts[];
  readonly operations: readonly OperationFacts[];
  readonly error?: string;
  readonly commit?: CommitFacts;
  readonly operators?: readonly OperatorFigures[];
  /** Why it took longer than others; absent when it did not. */
  readonly slow?: string;
}

interface BatchInputFacts {
  readonly id: number;
  readonly name: OperatorId;
  readonly records: number;
  readonly ranges: readonly OffsetRangeFacts[];
}

export interface OffsetRangeFacts {
  /** Topic and partition, or what the source calls it. */
  readonly partition: string;
  readonly from: number;
  readonly until: number;
}

export interface OperationFacts {
  readonly id: number;
  readonly name: string;
  readonly operator: OperatorId;
  readonly startedMs?: number;
  readonly durationMs?: number;
  readonly error?: string;
}

/** What the commit of a batch wrote to the checkpoint. */
export interface CommitFacts {
  readonly changedKeys: number;
  readonly sizeBytes: number;
  readonly commitMs: number;
}

/** The steps of a program and how they hang together. */
export interface GraphFacts {
  readonly operators: readonly GraphOperatorFacts[];
}

export interface GraphOperatorFacts {
  readonly id: OperatorId;
  readonly kind: string;
  readonly inputs: readonly OperatorId[];
  readonly keepsState: boolean;
  /** For people: a condition, columns, a window. */
  readonly detail?: string;
  readonly isOutput: boolean;
}

export interface PartitionLag {
  readonly partition: string;
  /** Where the next batch begins. */
  readonly position: number;
  /** The end of the partition when it was last asked for. */
  readonly end: number;
  readonly lag: number;
}

/** A structured query. */
export interface QueryFacts {
  readonly kind: 'query';
  readonly id: string;
  readonly runId: string;
  readonly name: string | null;
  readonly state: RunState;
  readonly error?: string;
  readonly status: string;
  readonly startedMs: number;
  readonly endedMs?: number;
  readonly batches: number;
  readonly rows: number;
  readonly averageInputPerSecond: number;
  readonly averageProcessedPerSecond: number;
  readonly graph: GraphFacts;
  readonly lag: readonly PartitionLag[];
  readonly last?: ProgressFacts;
}

/** One batch of a query. */
export interface ProgressFacts {
  readonly batchId: number;
  readonly startedMs: number;
  readonly rows: number;
  readonly outputRows: number;
  readonly inputPerSecond: number;
  readonly processedPerSecond: number;
  readonly durationMs: number;
  /** By Spark's names: latestOffset, walCommit, addBatch, commitOffsets ... */
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly watermarkMs?: number;
  readonly maxEventTimeMs?: number;
  readonly minEventTimeMs?: number;
  /** How far the watermark is behind the time at which the batch began. */
  readonly watermarkGapMs?: number;
  readonly sources: readonly SourceFacts[];
  readonly state: readonly StateOperatorFacts[];
  readonly sink: string;
  readonly commit?: CommitFacts;
  readonly operators?: readonly OperatorFigures[];
  readonly slow?: string;
}

interface SourceFacts {
  readonly description: string;
  readonly rows: number;
  readonly ranges: readonly OffsetRangeFacts[];
}

interface StateOperatorFacts {
  /** What Spark calls it. */
  readonly name: string;
  /** The node of the plan, as it is called everywhere else. */
  readonly operator: string;
  readonly rows: number;
  readonly updatedRows: number;
  readonly removedRows: number;
  readonly memoryBytes: number;
  /** As Spark counts. */
  readonly droppedRows: number;
  /** Each late input row once. */
  readonly lateRows: number;
}

/** A row that came too late, as texts. */
export interface LateRowFacts {
  readonly batchId: number;
  readonly operator: string;
  /** By which it was late. */
  readonly watermarkMs?: number;
  readonly eventTimeMs?: number;
  readonly window?: { readonly startMs: number; readonly endMs: number };
  /** JSON of the other keys. */
  readonly key?: string;
  /** JSON of the row, as it came to the operator. */
  readonly row: string;
}

/** What a page is sent: the program as it is, and the batches that were done since the message before. */
export interface LiveMessage {
  readonly program: ProgramFacts;
  readonly batches: Readonly<Record<string, readonly BatchFacts[]>>;
  readonly progress: Readonly<Record<string, readonly ProgressFacts[]>>;
}
