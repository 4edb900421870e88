import type { DataType, InternalValue, Long } from '../data-type.ts';
import type { TimeZone } from '../time-zone.ts';

/** What a cast depends on beside the two types. */
export interface CastSite {
  /** `ansi` fails on bad input; `legacy` wraps numbers and gives null for the rest; `try` gives null. */
  readonly mode: 'ansi' | 'legacy' | 'try';
  readonly zone: TimeZone;
  /** Microseconds of now, for a text that is only a time of day. */
  readonly nowUs?: () => Long;
}

/** Casts a value that is not null; may give null. */
export type CastFunction = (value: InternalValue) => InternalValue;

/** Makes the cast between two types; `undefined` when no value can be cast. */
export type CastMaker = (from: DataType, to: DataType, site: CastSite) => CastFunction | undefined;
