import type { Attribute } from '../expressions/typed-expression.ts';
import type { InternalRow, Long } from '../types/data-type.ts';

/** Reads the time of a row by which it is late or finished; `null` never is. */
export type EventTimeOf = (row: InternalRow) => Long | null;

/**
 * Where rows of these columns carry their event time: the first column with a watermark. Of a window it is the end, since a window is
 * finished when the watermark has reached that.
 */
export function eventTimeOf(columns: readonly Attribute[]): EventTimeOf | undefined {
  const at = eventTimeColumn(columns);
  if (at < 0) return undefined;
  if ((columns[at] as Attribute).type.kind !== 'struct') return (row) => row[at] as Long | null;
  return (row) => (row[at] as readonly (Long | null)[] | null)?.[1] ?? null;
}

/** The index of the first column with a watermark, or -1. */
export function eventTimeColumn(columns: readonly Attribute[]): number {
  return columns.findIndex((column) => column.watermarkDelayMs !== undefined);
}

/** Whether a row of this time is late, or a group of this time finished. */
export function hasPassed(timeUs: Long | null, watermarkUs: number | undefined): boolean {
  return timeUs !== null && watermarkUs !== undefined && timeUs <= watermarkUs;
}
