import { readBatchHeader } from '../protocol/record-batch.ts';
import { openBatch } from '../protocol/open-batch.ts';
import { walkRecords } from '../protocol/record-walk.ts';
import { type BatchEntry, firstIndex, greatestTimestamp, type Segment } from './segment.ts';

export interface TimestampOffset {
  readonly timestamp: number;
  readonly offset: number;
}

/**
 * The first record at or after `startOffset` whose timestamp is at least `timestamp`.
 *
 * Exact inside batches that are not compressed, or with a codec of Node's own. Of others (snappy, lz4) the first record stands for all.
 */
export function findTimestamp(
  segments: readonly Segment[],
  timestamp: number,
  startOffset: number,
): TimestampOffset | undefined {
  for (const segment of segments) {
    if (greatestTimestamp(segment) < timestamp) continue;
    const first = firstIndex(segment.entries, (entry) => entry.runningMaxTimestamp >= timestamp);
    for (let index = first; index < segment.entries.length; index++) {
      const entry = segment.entries[index];
      if (entry === undefined || entry.maxTimestamp < timestamp || entry.lastOffset < startOffset) continue;
      const found = recordIn(segment, index, entry, (time, offset) => time >= timestamp && offset >= startOffset);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The first record that has the greatest timestamp of the log. */
export function latestTimestamp(segments: readonly Segment[]): TimestampOffset | undefined {
  let greatest: Segment | undefined;
  for (const segment of segments) {
    const isGreater = greatest === undefined || greatestTimestamp(segment) > greatestTimestamp(greatest);
    if (segment.entries.length > 0 && isGreater) greatest = segment;
  }
  if (greatest === undefined) return undefined;
  const timestamp = greatestTimestamp(greatest);
  const index = firstIndex(greatest.entries, (entry) => entry.runningMaxTimestamp >= timestamp);
  const entry = greatest.entries[index];
  if (entry === undefined || timestamp < 0) return undefined;
  const [batch] = greatest.read(index, index + 1);
  if (batch !== undefined && readBatchHeader(batch).isLogAppendTime) return { timestamp, offset: entry.lastOffset };
  return recordIn(greatest, index, entry, (time) => time === timestamp) ?? { timestamp, offset: entry.lastOffset };
}

function recordIn(
  segment: Segment,
  index: number,
  entry: BatchEntry,
  matches: (timestamp: number, offset: number) => boolean,
): TimestampOffset | undefined {
  const [batch] = segment.read(index, index + 1);
  if (batch === undefined) return undefined;
  const header = readBatchHeader(batch);
  if (header.isLogAppendTime) return { timestamp: header.maxTimestamp, offset: entry.baseOffset };
  const opened = header.compression === 0 ? batch : openBatch(batch, header.compression);
  if (opened === undefined) return { timestamp: Math.max(header.baseTimestamp, 0), offset: entry.baseOffset };
  let found: TimestampOffset | undefined;
  walkRecords(opened, (record) => {
    const timestamp = header.baseTimestamp + record.timestampDelta;
    const offset = entry.baseOffset + record.offsetDelta;
    if (matches(timestamp, offset)) found = { timestamp, offset };
    return found !== undefined;
  });
  return found;
}
