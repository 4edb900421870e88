import type { RowPlace } from '../operators/compiled-query.ts';
import type { InternalRow, Long } from '../types/data-type.ts';
import type { PackedRows } from './packed-rows.ts';

/** Event times of a part of the rows; sums are of distances from the first. */
export interface EventTimePart {
  readonly count: number;
  readonly max: Long | undefined;
  readonly min: Long | undefined;
  readonly first: number;
  readonly sum: number;
  readonly maxPlace: RowPlace | undefined;
}

/** What a thread made of its part of a source's rows, for the first thread to go on with. */
export interface PartResult {
  /** How many rows were read, for each stage that reads them. */
  readonly inputRows: number;
  /** Rows at the ends of stages, in order: which end, counted as the plan is built. */
  readonly rows: readonly EndRows[];
  /** Groups of rows: buffer, key and number of rows of each, in the order in which they came. */
  readonly groups: readonly EndRows[];
  /** By watermark node. */
  readonly eventTimes: readonly EventTimePart[];
  /** By observe node; undefined where no row passed. */
  readonly observed: readonly (InternalRow | undefined)[];
}

export interface EndRows {
  readonly end: number;
  readonly packed: PackedRows;
}
