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
  return at < 0 ? undefined : timeAt(at, columns[at] as Attribute);
}

/** The same, of the column at a place. */
export function timeAt(at: number, { type }: Attribute): EventTimeOf {
  if (type.kind !== 'struct') return (row) => row[at] as Long | null;
  return (row) => (row[at] as readonly (Long | null)[] | null)?.[1] ?? null;
}

/** Reads the window of a row, `[start, end)`; without a start where the event time stands by itself. Undefined where it has none. */
export function windowOf(columns: readonly Attribute[]): ((row: InternalRow) => EventWindow | undefined) | undefined {
  const at = eventTimeColumn(columns);
  if (at < 0) return undefined;
  const isWindow = (columns[at] as Attribute).type.kind === 'struct';
  return (row) => {
    const value = row[at] as Long | EventWindow | null;
    if (value === null) return undefined;
    return isWindow ? (value as EventWindow) : [null, value as Long];
  };
}

/** Microseconds. */
type EventWindow = readonly [startUs: Long | null, endUs: Long];

/** The index of the first column with a watermark, or -1. */
export function eventTimeColumn(columns: readonly Attribute[]): number {
  return columns.findIndex((column) => column.watermarkDelayMs !== undefined);
}

/** Whether a row of this time is late, or a group of this time finished. */
export function hasPassed(timeUs: Long | null, watermarkUs: number | undefined): boolean {
  return timeUs !== null && watermarkUs !== undefined && timeUs <= watermarkUs;
}
