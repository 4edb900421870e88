const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/**
 * @example
 * bytesText(1536)   // => '1.5 KB'
 */
export function bytesText(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}

/**
 * @example
 * countText(1, 'row')   // => '1 row'
 */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * @example
 * durationText(90_000)   // => '1.5 min'
 */
export function durationText(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= size) return `${Number((ms / size).toFixed(2))} ${unit}`;
  }
  return `${ms} ms`;
}

/**
 * A batch for people: its time, or its number where a query runs by triggers and counts its batches.
 *
 * @example
 * batchText(3000, 1000)   // => '1970-01-01T00:00:03.000Z'
 */
export function batchText(batchTime: number, intervalMs: number | undefined): string {
  return intervalMs === 0 ? String(batchTime) : timeText(batchTime);
}

/** A time for people; the number itself is what a program sees. */
export function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}
