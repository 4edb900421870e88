import type { BatchVisitor } from './batch-scan.ts';

/** Where one record batch lies and what is asked about it most. */
export interface BatchEntry {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly sizeBytes: number;
  readonly position: number;
  readonly maxTimestamp: number;
  /** The greatest timestamp of this and all earlier batches of the segment: what the time index searches. */
  readonly runningMaxTimestamp: number;
}

/** What a log tells a segment about a batch that it appends. */
export interface NewBatch {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
}

/**
 * A run of consecutive batches of one partition: the unit that retention removes.
 *
 * Only the last segment of a log is appended to. `append` either keeps the whole batch or throws and keeps nothing of it.
 */
export interface Segment {
  readonly baseOffset: number;
  readonly entries: readonly BatchEntry[];
  readonly sizeBytes: number;
  append(batch: NewBatch): void;
  /** The bytes of the entries `[from, until)`, as few buffers as the storage allows. */
  read(from: number, until: number): Buffer[];
  close(): void;
  remove(): void;
}

/** Makes the segments of one partition: in memory or as files. */
export interface SegmentStore {
  /** Segments that are already there, in order of offset; shows each batch of them in order. */
  open(visit: BatchVisitor): Segment[];
  create(baseOffset: number): Segment;
  /** Removes what the store itself holds once all segments are removed. */
  remove(): void;
}

export function greatestTimestamp(segment: Segment): number {
  return segment.entries.at(-1)?.runningMaxTimestamp ?? -1;
}

/** The entry to append after `entries`. */
export function nextEntry(entries: readonly BatchEntry[], batch: NewBatch): BatchEntry {
  const last = entries.at(-1);
  return {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    sizeBytes: batch.bytes.length,
    position: last === undefined ? 0 : last.position + last.sizeBytes,
    maxTimestamp: batch.maxTimestamp,
    runningMaxTimestamp: Math.max(batch.maxTimestamp, last?.runningMaxTimestamp ?? -1),
  };
}

/** The first index whose item satisfies a condition that, once true, stays true. */
export function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
