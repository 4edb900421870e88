import type { OperatorFigures } from '../kernel/operator-figures.ts';
import type { Time } from '../kernel/time.ts';
import type { CommitStats } from '../store/state-store.ts';

/** What one input brought into a batch. */
export interface StreamInputInfo {
  readonly inputStreamId: number;
  readonly numRecords: number;
  /** For people: offset ranges by partition, where the input has them. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One output operation of one batch. Times are milliseconds of the context's clock; absent until they happened. */
export interface OutputOperationInfo {
  readonly batchTime: Time;
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly startTime?: Time;
  readonly endTime?: Time;
  readonly duration?: number;
  readonly failureReason?: string;
}

/** One batch, with Spark's field names. Delays are in milliseconds. */
export interface BatchInfo {
  readonly batchTime: Time;
  readonly streamIdToInputInfo: Readonly<Record<number, StreamInputInfo>>;
  readonly submissionTime: Time;
  readonly processingStartTime?: Time;
  readonly processingEndTime?: Time;
  readonly schedulingDelay?: number;
  readonly processingDelay?: number;
  readonly totalDelay?: number;
  readonly outputOperationInfos: Readonly<Record<number, OutputOperationInfo>>;
  readonly numRecords: number;
  /** Ours: its boundary had passed before the context was started, so it stands for time in which the program was down. */
  readonly isCatchUp: boolean;
  /** Ours: why the batch failed as a whole. */
  readonly failureReason?: string;
  /** Ours: what the commit of its state and offsets wrote. Absent for a batch that failed or shares the commit of a later one. */
  readonly commit?: CommitStats;
  /** Ours: what each step gave, for a batch that was measured. */
  readonly operators?: readonly OperatorFigures[];
}

export interface StreamingStarted {
  readonly time: Time;
}
export interface BatchSubmitted {
  readonly batchInfo: BatchInfo;
}
export interface BatchStarted {
  readonly batchInfo: BatchInfo;
}
export interface BatchCompleted {
  readonly batchInfo: BatchInfo;
}
export interface OutputOperationStarted {
  readonly outputOperationInfo: OutputOperationInfo;
}
export interface OutputOperationCompleted {
  readonly outputOperationInfo: OutputOperationInfo;
}

/** One receiver, with Spark's field names. */
export interface ReceiverInfo {
  readonly streamId: number;
  /** The receiver's class and the number of its stream. */
  readonly name: string;
  readonly active: boolean;
  readonly location: string;
  readonly executorId: string;
  readonly lastErrorMessage: string;
  /** The error with its stack. */
  readonly lastError: string;
  /** -1 when there was none. */
  readonly lastErrorTime: Time;
}

export interface ReceiverStarted {
  readonly receiverInfo: ReceiverInfo;
}
export interface ReceiverError {
  readonly receiverInfo: ReceiverInfo;
}
export interface ReceiverStopped {
  readonly receiverInfo: ReceiverInfo;
}

/**
 * Told what happens, in order, from within the engine: a callback that takes long delays the batches. What it throws is reported
 * and otherwise ignored. A batch without any output operation posts nothing at all.
 */
export interface StreamingListener {
  onStreamingStarted?(event: StreamingStarted): void;
  /** A receiver was started, or started again. */
  onReceiverStarted?(event: ReceiverStarted): void;
  /** A receiver reported an error; whether it goes on is its own matter. */
  onReceiverError?(event: ReceiverError): void;
  onReceiverStopped?(event: ReceiverStopped): void;
  onBatchSubmitted?(event: BatchSubmitted): void;
  onBatchStarted?(event: BatchStarted): void;
  onBatchCompleted?(event: BatchCompleted): void;
  onOutputOperationStarted?(event: OutputOperationStarted): void;
  onOutputOperationCompleted?(event: OutputOperationCompleted): void;
}
