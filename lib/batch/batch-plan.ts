import type { BatchPlan, SourceOffsets } from '../store/state-store.ts';

/** Whether a batch reads nothing. A plan without sources is empty too: its inputs keep no offsets. */
export function isEmptyPlan(plan: BatchPlan): boolean {
  return Object.values(plan.ranges).every((ranges) =>
    ranges.every(({ from, until }) =>
      Object.entries(until).every(([partition, end]) => end <= (from[partition] ?? end)),
    ),
  );
}

/** Which run of the batch this is: 1 unless an earlier one was begun and not committed. */
export function attemptOf(plan: BatchPlan): number {
  return plan.attempt ?? 1;
}

/** Where each source goes on after a batch: the end of its last range, or where it was. */
export function offsetsAfter(plan: BatchPlan, before: SourceOffsets): SourceOffsets {
  const offsets: Record<string, Readonly<Record<string, number>>> = { ...before };
  for (const [source, ranges] of Object.entries(plan.ranges)) {
    for (const { until } of ranges) offsets[source] = { ...offsets[source], ...until };
  }
  return offsets;
}
