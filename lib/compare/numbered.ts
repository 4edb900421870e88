import type { CompareRecord } from './run-model.ts';

/** A record before it has its place among the others. */
export type Unnumbered = Omit<CompareRecord, 'id'>;

/** Records in the order of their event times, with their places as ids. */
export function numbered(records: readonly Unnumbered[]): readonly CompareRecord[] {
  return records
    .toSorted((a, b) => a.eventMs - b.eventMs || a.arrivalMs - b.arrivalMs)
    .map((record, id) => Object.assign({ id }, record));
}
