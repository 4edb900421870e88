import type { Clock } from '../kernel/clock.ts';
import type { BatchInfo, OutputOperationInfo, ReceiverInfo, StreamingListener } from '../streaming/events.ts';
import type { DescribedOperator } from '../streaming/graph-description.ts';
import type {
  BatchFacts,
  BatchStatus,
  GraphFacts,
  InputFacts,
  OffsetRangeFacts,
  OperationFacts,
  OperatorFigures,
  ReceiverFacts,
  RunState,
  StreamFacts,
} from './facts.ts';
import { endsOfMetadata, lagOf, rangesOfMetadata } from './offset-ranges.ts';
import { Ring } from './ring.ts';
import { slowBatch } from './slow-batch.ts';

/** What a history is told of its context when that starts. */
export interface WatchedStream {
  readonly id: string;
  readonly appName: string;
  readonly intervalMs: number;
  readonly checkpoint: string | undefined;
  readonly operators: readonly DescribedOperator[];
}

/** Batches that are kept, as many as Spark's page keeps. */
export const keptBatches = 1000;

/**
 * Keeps what the events of a StreamingContext tell: its last batches, its totals. A listener like any other: every call is short, and
 * what people ask for is put together when they ask.
 */
export class StreamHistory implements StreamingListener {
  readonly #stream: WatchedStream;
  readonly #changed: () => void;
  readonly #startedMs: number;
  readonly #names: ReadonlyMap<number, string>;
  readonly #graph: GraphFacts;
  readonly #done = new Ring<BatchFacts>(keptBatches);
  readonly #active = new Map<number, BatchInfo>();
  readonly #operations = new Map<number, Map<number, OutputOperationInfo>>();
  readonly #inputRecords = new Map<number, number>();
  readonly #receivers = new Map<number, { readonly info: ReceiverInfo; readonly errors: number }>();
  readonly #positions = new Map<string, OffsetRangeFacts>();
  readonly #ends = new Map<string, number>();
  #batches = 0;
  #records = 0;
  #failed = 0;
  #state: RunState = 'active';
  #error: string | undefined;

  constructor(stream: WatchedStream, clock: Clock, changed: () => void) {
    this.#stream = stream;
    this.#changed = changed;
    this.#startedMs = clock.now();
    this.#names = new Map(
      stream.operators.flatMap(({ id, streamId }) => (streamId === undefined ? [] : [[streamId, id]])),
    );
    this.#graph = {
      operators: stream.operators.map(({ id, kind, inputs, keepsState, isOutput }) => ({
        id,
        kind,
        inputs,
        keepsState,
        isOutput,
      })),
    };
  }

  get id(): string {
    return this.#stream.id;
  }

  /** Batches that were done, also those that are kept no longer. */
  get count(): number {
    return this.#batches;
  }

  onBatchSubmitted({ batchInfo }: { readonly batchInfo: BatchInfo }): void {
    this.#active.set(batchInfo.batchTime, batchInfo);
    for (const { metadata } of Object.values(batchInfo.streamIdToInputInfo)) {
      for (const [partition, end] of endsOfMetadata(metadata)) this.#ends.set(partition, end);
    }
    this.#changed();
  }

  onBatchStarted({ batchInfo }: { readonly batchInfo: BatchInfo }): void {
    this.#active.set(batchInfo.batchTime, batchInfo);
    this.#changed();
  }

  onOutputOperationStarted({ outputOperationInfo }: { readonly outputOperationInfo: OutputOperationInfo }): void {
    this.#operation(outputOperationInfo);
  }

  onOutputOperationCompleted({ outputOperationInfo }: { readonly outputOperationInfo: OutputOperationInfo }): void {
    this.#operation(outputOperationInfo);
    this.#changed();
  }

  onBatchCompleted({ batchInfo }: { readonly batchInfo: BatchInfo }): void {
    const { batchTime, numRecords, failureReason, streamIdToInputInfo } = batchInfo;
    this.#active.delete(batchTime);
    this.#operations.delete(batchTime);
    this.#batches += 1;
    this.#records += numRecords;
    if (failureReason !== undefined) this.#failed += 1;
    for (const { inputStreamId, numRecords: records, metadata } of Object.values(streamIdToInputInfo)) {
      this.#inputRecords.set(inputStreamId, (this.#inputRecords.get(inputStreamId) ?? 0) + records);
      for (const range of rangesOfMetadata(metadata)) this.#positions.set(range.partition, range);
    }
    const before = this.#done.last(50);
    const facts = this.#batch(batchInfo);
    const slow = slowBatch(facts, before, this.#stream.intervalMs);
    this.#done.push(slow === undefined ? facts : { ...facts, slow });
    this.#changed();
  }

  onReceiverStarted({ receiverInfo }: { readonly receiverInfo: ReceiverInfo }): void {
    this.#receiver(receiverInfo, 0);
  }

  onReceiverError({ receiverInfo }: { readonly receiverInfo: ReceiverInfo }): void {
    this.#receiver(receiverInfo, 1);
  }

  onReceiverStopped({ receiverInfo }: { readonly receiverInfo: ReceiverInfo }): void {
    this.#receiver(receiverInfo, 0);
  }

  ended(error?: string): void {
    this.#state = error === undefined ? 'stopped' : 'failed';
    this.#error = error;
    this.#active.clear();
    this.#changed();
  }

  /** The newest batches that are done, oldest of them first. */
  batches(count: number = keptBatches): readonly BatchFacts[] {
    return this.#done.last(count);
  }

  /** A batch that is known, running or done. */
  batchAt(time: number): BatchFacts | undefined {
    const active = this.#active.get(time);
    return active === undefined ? this.#done.items.findLast((batch) => batch.time === time) : this.#batch(active);
  }

  /** What the steps gave in the last batch that was measured; undefined when none was. */
  get operators(): readonly OperatorFigures[] | undefined {
    return this.#done.items.findLast(({ operators }) => operators !== undefined)?.operators;
  }

  get facts(): StreamFacts {
    const { id, appName, intervalMs, checkpoint } = this.#stream;
    const last = this.#done.last(1)[0];
    return {
      kind: 'stream',
      id,
      appName,
      intervalMs,
      state: this.#state,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      startedMs: this.#startedMs,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      batches: this.#batches,
      records: this.#records,
      failedBatches: this.#failed,
      active: [...this.#active.values()].map((info) => this.#batch(info)),
      inputs: [...this.#names].map(([input, name]): InputFacts => ({
        id: input,
        name,
        records: this.#inputRecords.get(input) ?? 0,
      })),
      receivers: [...this.#receivers.values()].map(receiverFacts),
      graph: this.#graph,
      lag: lagOf([...this.#positions.values()], this.#ends),
      ...(last === undefined ? {} : { last }),
    };
  }

  #operation(info: OutputOperationInfo): void {
    const known = this.#operations.get(info.batchTime) ?? new Map<number, OutputOperationInfo>();
    known.set(info.id, info);
    this.#operations.set(info.batchTime, known);
  }

  #receiver(info: ReceiverInfo, errors: number): void {
    this.#receivers.set(info.streamId, { info, errors: (this.#receivers.get(info.streamId)?.errors ?? 0) + errors });
    this.#changed();
  }

  #batch(info: BatchInfo): BatchFacts {
    const known = new Map<number, OutputOperationInfo>(this.#operations.get(info.batchTime) ?? []);
    for (const operation of Object.values(info.outputOperationInfos)) known.set(operation.id, operation);
    const { schedulingDelay, processingDelay, totalDelay, processingStartTime, processingEndTime, commit } = info;
    return {
      time: info.batchTime,
      status: statusOf(info),
      records: info.numRecords,
      submittedMs: info.submissionTime,
      ...(processingStartTime === undefined ? {} : { startedMs: processingStartTime }),
      ...(processingEndTime === undefined ? {} : { endedMs: processingEndTime }),
      ...(schedulingDelay === undefined ? {} : { schedulingDelayMs: schedulingDelay }),
      ...(processingDelay === undefined ? {} : { processingTimeMs: processingDelay }),
      ...(totalDelay === undefined ? {} : { totalDelayMs: totalDelay }),
      isCatchUp: info.isCatchUp,
      inputs: Object.values(info.streamIdToInputInfo).map(({ inputStreamId, numRecords, metadata }) => ({
        id: inputStreamId,
        name: this.#names.get(inputStreamId) ?? String(inputStreamId),
        records: numRecords,
        ranges: rangesOfMetadata(metadata),
      })),
      operations: [...known.values()].map(operationFacts),
      ...(info.failureReason === undefined ? {} : { error: info.failureReason }),
      ...(commit === undefined ? {} : { commit }),
      ...(info.operators === undefined ? {} : { operators: info.operators }),
    };
  }
}

function statusOf({ failureReason, processingEndTime, processingStartTime }: BatchInfo): BatchStatus {
  if (failureReason !== undefined) return 'failed';
  if (processingEndTime !== undefined) return 'done';
  return processingStartTime === undefined ? 'waiting' : 'running';
}

function operationFacts({
  id,
  name,
  description,
  startTime,
  duration,
  failureReason,
}: OutputOperationInfo): OperationFacts {
  return {
    id,
    name,
    operator: description,
    ...(startTime === undefined ? {} : { startedMs: startTime }),
    ...(duration === undefined ? {} : { durationMs: duration }),
    ...(failureReason === undefined ? {} : { error: failureReason }),
  };
}

function receiverFacts({ info, errors }: { readonly info: ReceiverInfo; readonly errors: number }): ReceiverFacts {
  return {
    id: info.streamId,
    name: info.name,
    isActive: info.active,
    errors,
    ...(info.lastErrorMessage === '' ? {} : { lastError: info.lastErrorMessage }),
    ...(info.lastErrorTime < 0 ? {} : { lastErrorMs: info.lastErrorTime }),
  };
}
