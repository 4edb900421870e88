import { KafkaError } from '../protocol/error-codes.ts';
import {
  type BatchHeader,
  markerOutcome,
  placeBatch,
  readBatchHeader,
  stampLogAppendTime,
  transactionMarker,
  type TransactionOutcome,
} from '../protocol/record-batch.ts';
import { isRefusal, validateBatch } from './batch-validation.ts';
import { findTimestamp, latestTimestamp, type TimestampOffset } from './time-index.ts';
import type { LogConfig } from './log-config.ts';
import { ProducerStates } from './producer-states.ts';
import { expiredSegments, segmentLimitBytes } from './retention.ts';
import { firstIndex, type NewBatch, type Segment, type SegmentStore } from './segment.ts';
import { type AbortedTransaction, TransactionIndex } from './transaction-index.ts';

export interface AppendResult {
  readonly error: number;
  readonly message?: string;
  readonly baseOffset: number;
  readonly logAppendTime: number;
  /** -1 where the batch did not come as far as the log's producers. */
  readonly logStartOffset: number;
}

export interface FetchedBatches {
  readonly batches: Buffer[];
  readonly sizeBytes: number;
  /** The offset after the last batch, or the one asked for when there is none. */
  readonly untilOffset: number;
}

export interface PartitionLogOptions {
  readonly store: SegmentStore;
  readonly config: () => LogConfig;
  readonly now: () => number;
  readonly maxProducerIds: number;
  /** Takes why the log cannot be written, once until it can be again. */
  readonly onWriteFailed?: (error: unknown) => void;
  /** What DeleteRecords had moved the start to when the broker last ran. */
  readonly startOffset?: number;
}

/**
 * The log of one partition: whole record batches with offsets, the state of their producers and transactions.
 *
 * Batches are opaque bytes: they are checked, placed and handed out as they came. Everything runs to its end in one turn, so a reader never
 * sees half of an append.
 */
export class PartitionLog {
  readonly #options: PartitionLogOptions;
  readonly #segments: Segment[];
  readonly #producers: ProducerStates;
  readonly #transactions = new TransactionIndex();
  readonly #listeners = new Set<() => void>();
  #isFailing = false;
  #startOffset: number;
  #endOffset: number;

  constructor(options: PartitionLogOptions) {
    this.#options = options;
    this.#producers = new ProducerStates(options.maxProducerIds);
    let recoveredUntil = 0;
    this.#segments = options.store.open((batch, header) => {
      this.#follow(header, header.baseOffset, batch);
      recoveredUntil = header.baseOffset + header.lastOffsetDelta + 1;
    });
    this.#startOffset = Math.max(options.startOffset ?? 0, this.#segments[0]?.baseOffset ?? 0);
    this.#endOffset = Math.max(this.#startOffset, recoveredUntil, this.#segments.at(-1)?.baseOffset ?? 0);
  }

  get startOffset(): number {
    return this.#startOffset;
  }

  get endOffset(): number {
    return this.#endOffset;
  }

  /** Up to here every transaction is decided. */
  get lastStableOffset(): number {
    return Math.max(
      this.#startOffset,
      Math.min(this.#transactions.firstUnstableOffset ?? this.#endOffset, this.#endOffset),
    );
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  get openProducerIds(): readonly number[] {
    return this.#transactions.openProducerIds;
  }

  producerEpoch(producerId: number): number | undefined {
    return this.#producers.epochOf(producerId);
  }

  /** Appends one batch of a producer. The bytes are copied: the caller's buffer is the connection's. */
  append(received: Buffer | null): AppendResult {
    const now = this.#options.now();
    const config = this.#options.config();
    const header = validateBatch(received, config, now);
    if (isRefusal(header)) return refused(header.error, header.message);
    const verdict = header.producerId < 0 ? { kind: 'append' as const } : this.#producers.check(header);
    const logStartOffset = this.#startOffset;
    if (verdict.kind === 'refuse') {
      return { ...refused(verdict.error, 'the sequence or epoch of the producer is not the next'), logStartOffset };
    }
    if (verdict.kind === 'duplicate') {
      // As Kafka answers: the time of the batch that is in the log.
      const { baseOffset, maxTimestamp: logAppendTime } = verdict;
      return { error: KafkaError.none, baseOffset, logAppendTime, logStartOffset };
    }
    const baseOffset = this.#endOffset;
    const batch = Buffer.from(received ?? []);
    placeBatch(batch, baseOffset);
    if (config.isLogAppendTime) stampLogAppendTime(batch, now);
    if (!this.#store(batch, header, config.isLogAppendTime ? now : header.maxTimestamp)) {
      return refused(KafkaError.storageError, 'the log cannot be written');
    }
    const logAppendTime = config.isLogAppendTime ? now : -1;
    return { error: KafkaError.none, baseOffset, logAppendTime, logStartOffset: this.#startOffset };
  }

  /** Ends a producer's transaction here. False when the marker could not be written: it is to be tried again. */
  appendMarker(producerId: number, producerEpoch: number, outcome: TransactionOutcome): boolean {
    const now = this.#options.now();
    const marker = transactionMarker(producerId, producerEpoch, outcome, now);
    placeBatch(marker, this.#endOffset);
    return this.#store(marker, readBatchHeader(marker), now);
  }

  /** Whole batches from the one that holds `offset`, below `until`; with `atLeastOne` the first even above `maxBytes`. */
  read(offset: number, maxBytes: number, until: number, atLeastOne: boolean): FetchedBatches {
    const batches: Buffer[] = [];
    let sizeBytes = 0;
    let untilOffset = offset;
    let isFull = false;
    for (let s = this.#segmentOf(offset); s < this.#segments.length && !isFull; s++) {
      const segment = this.#segments[s] as Segment;
      const first = firstIndex(segment.entries, (entry) => entry.lastOffset >= offset);
      let index = first;
      for (; index < segment.entries.length; index++) {
        const entry = segment.entries[index];
        const isAllowed = sizeBytes + (entry?.sizeBytes ?? 0) <= maxBytes || (atLeastOne && sizeBytes === 0);
        if (entry === undefined || entry.baseOffset >= until || !isAllowed) break;
        sizeBytes += entry.sizeBytes;
        untilOffset = entry.lastOffset + 1;
      }
      isFull = index < segment.entries.length;
      if (index > first) batches.push(...segment.read(first, index));
    }
    return { batches, sizeBytes, untilOffset };
  }

  abortedTransactions(from: number, until: number): AbortedTransaction[] {
    return this.#transactions.abortedIn(from, until);
  }

  /** The first record of at least this time, if there is one. */
  offsetForTimestamp(timestamp: number): TimestampOffset | undefined {
    return findTimestamp(this.#segments, timestamp, this.#startOffset);
  }

  /** The first record of the greatest time, if there is a record. */
  offsetOfMaxTimestamp(): TimestampOffset | undefined {
    return latestTimestamp(this.#segments);
  }

  /** Moves the start of the log; answers false when there is no such offset. */
  deleteRecordsBefore(offset: number): boolean {
    if (offset > this.#endOffset) return false;
    if (offset > this.#startOffset) this.#moveStart(offset);
    return true;
  }

  /** Removes the segments that the topic's configuration no longer keeps. */
  applyRetention(): void {
    const count = expiredSegments(this.#segments, this.#options.config(), this.#options.now());
    if (count === 0) return;
    this.#moveStart(this.#segments[count]?.baseOffset ?? this.#endOffset);
  }

  /** Calls `listener` when records arrive or the last stable offset may have moved; the result ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
    this.#notify();
  }

  /** The topic is deleted: readers that wait find out by themselves. */
  remove(): void {
    for (const segment of this.#segments) segment.remove();
    this.#segments.length = 0;
    this.#options.store.remove();
    this.#notify();
  }

  #store(bytes: Buffer, header: BatchHeader, maxTimestamp: number): boolean {
    const baseOffset = this.#endOffset;
    const lastOffset = baseOffset + header.lastOffsetDelta;
    if (!this.#write({ bytes, baseOffset, lastOffset, maxTimestamp })) return false;
    this.#endOffset = lastOffset + 1;
    this.#follow(header, baseOffset, bytes);
    this.#notify();
    return true;
  }

  #write(batch: NewBatch): boolean {
    const active = this.#segments.at(-1);
    const isFull =
      active !== undefined && active.sizeBytes + batch.bytes.length > segmentLimitBytes(this.#options.config());
    const needsSegment = active === undefined || (isFull && active.sizeBytes > 0);
    try {
      const segment = needsSegment ? this.#options.store.create(batch.baseOffset) : active;
      if (needsSegment) this.#segments.push(segment);
      segment.append(batch);
    } catch (error) {
      if (!this.#isFailing) this.#options.onWriteFailed?.(error);
      this.#isFailing = true;
      return false;
    }
    this.#isFailing = false;
    if (needsSegment) this.#tryRetention();
    return true;
  }

  /** Takes up what a batch in the log means for producers and transactions; the same when it arrives and at a restart. */
  #follow(header: BatchHeader, baseOffset: number, batch: Buffer): void {
    if (header.producerId < 0) return;
    if (header.isControl) {
      const outcome = markerOutcome(batch);
      this.#producers.recordMarker(header.producerId, header.producerEpoch);
      if (outcome !== undefined) this.#transactions.end(header.producerId, outcome, baseOffset);
      return;
    }
    this.#producers.record(header, baseOffset);
    if (header.isTransactional) this.#transactions.begin(header.producerId, baseOffset);
  }

  /** The batch is in the log, whatever becomes of old segments: the broker's timer tries again and reports. */
  #tryRetention(): void {
    try {
      this.applyRetention();
    } catch {
      // See above.
    }
  }

  #moveStart(offset: number): void {
    this.#startOffset = offset;
    while (this.#segments.length > 1 || offset >= this.#endOffset) {
      const [oldest, next] = this.#segments;
      if (oldest === undefined || (next?.baseOffset ?? this.#endOffset) > offset) break;
      this.#segments.shift();
      oldest.remove();
    }
    // An empty log still has to say where it ends after a restart.
    if (this.#segments.length === 0) this.#segments.push(this.#options.store.create(this.#endOffset));
    this.#transactions.forgetBefore(offset);
  }

  #segmentOf(offset: number): number {
    return Math.max(0, firstIndex(this.#segments, (segment) => segment.baseOffset > offset) - 1);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function refused(error: number, message: string): AppendResult {
  return { error, message, baseOffset: -1, logAppendTime: -1, logStartOffset: -1 };
}
