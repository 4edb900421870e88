import type { LogConfig } from './log-config.ts';
import { greatestTimestamp, type Segment } from './segment.ts';

const smallestSegmentBytes = 16_384;

/**
 * When the active segment is full.
 *
 * Retention removes whole segments, so a topic with a byte limit gets segments of a quarter of it: the log then holds between
 * the limit and a quarter more.
 */
export function segmentLimitBytes(config: LogConfig): number {
  if (config.retentionBytes < 0) return config.segmentBytes;
  return Math.min(config.segmentBytes, Math.max(smallestSegmentBytes, Math.ceil(config.retentionBytes / 4)));
}

/** How many of the oldest segments are no longer kept; all of them when the newest record is too old. */
export function expiredSegments(segments: readonly Segment[], config: LogConfig, nowMs: number): number {
  if (!config.removesOldSegments) return 0;
  return Math.max(countByBytes(segments, config), countByAge(segments, config, nowMs));
}

function countByBytes(segments: readonly Segment[], config: LogConfig): number {
  if (config.retentionBytes < 0) return 0;
  let excess = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - config.retentionBytes;
  let count = 0;
  for (const segment of segments.slice(0, -1)) {
    excess -= segment.sizeBytes;
    if (excess < 0) break;
    count++;
  }
  return count;
}

function countByAge(segments: readonly Segment[], config: LogConfig, nowMs: number): number {
  if (config.retentionMs < 0) return 0;
  let count = 0;
  for (const segment of segments) {
    const isOld = segment.entries.length > 0 && nowMs - greatestTimestamp(segment) > config.retentionMs;
    if (!isOld) break;
    count++;
  }
  return count;
}
