import type { StateTable } from '../../../store/state-table.ts';
import type { InternalRow } from '../../types/data-type.ts';
import type { ExpiryIndex } from '../expiry-index.ts';
import type { StateCounts } from '../stateful-base.ts';

/** What the state variables of a processor share: the key that is being handled, the counters, the clock of the batch. */
export interface StateSite {
  /** The grouping key of the call under way. */
  key(): InternalRow;
  /** Milliseconds. */
  now(): number;
  /** The session's zone, for times without one in what the program writes. */
  readonly timeZone: string;
  readonly counts: StateCounts;
  /** Rows that expire are cleaned up behind the batch. */
  readonly expiries: ExpiryIndex<() => void>;
  table<K, V>(name: string): StateTable<K, V>;
}

/** When what is written now expires: milliseconds, or null for never. */
export function expiryOf(site: StateSite, ttlMs: number | undefined): number | null {
  return ttlMs === undefined ? null : site.now() + ttlMs;
}

/** Whether a value that expires then is still there. */
export function isAlive(site: StateSite, expiryMs: number | null): boolean {
  return expiryMs === null || expiryMs > site.now();
}
