import type { InternalValue, Long } from '../types/data-type.ts';
import type { Aggregation } from './aggregation.ts';

/** A session: start, end, buffer of its aggregates. */
export type Session = [start: Long, end: Long, buffer: InternalValue[]];

/** Sessions of one key by start, those that overlap or touch merged into one. The buffers given are used. */
export function mergeSessions(sessions: readonly Session[], aggregation: Aggregation): Session[] {
  const merged: Session[] = [];
  let current: Session | undefined;
  // Sorting is stable: of two that start together the one that was there first is merged first.
  for (const session of sessions.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    if (current === undefined || session[0] > current[1]) {
      current = [session[0], session[1], session[2]];
      merged.push(current);
    } else {
      if (session[1] > current[1]) current[1] = session[1];
      aggregation.merge(current[2], session[2]);
    }
  }
  return merged;
}
