import type { Offset, OffsetRange } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';

/**
 * Where a batch ends: at the ends of the partitions, or earlier where a limit says so. A limit for the whole is shared out by lag, as
 * Spark does: a partition that is twice as far behind may read twice as much, and each that has records reads at least one, or as many as
 * the limit says.
 */
export function limitRange(from: Offset, ends: Offset, limit: ReadLimit): OffsetRange {
  const { maxRecords, maxRecordsPerPartition, minRecordsPerPartition = 1 } = limit;
  const lags = Object.entries(from).map(
    ([key, start]) => [key, start, Math.max(0, (ends[key] ?? start) - start)] as const,
  );
  const total = lags.reduce((sum, [, , lag]) => sum + lag, 0);
  const until: Record<string, number> = {};
  for (const [key, start, lag] of lags) {
    const share =
      maxRecords === undefined || total <= maxRecords
        ? lag
        : Math.max(minRecordsPerPartition, Math.floor((maxRecords * lag) / total));
    const most = typeof maxRecordsPerPartition === 'function' ? maxRecordsPerPartition(key) : maxRecordsPerPartition;
    until[key] = start + Math.min(lag, share, Math.floor(most ?? lag));
  }
  return { from, until };
}
