import { encode, encodeKey } from '../../kernel/codec.ts';
import type { ReadonlyMapLike } from '../../store/state-store.ts';

export interface KeyChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly key: unknown;
  /** Absent for a key that was added. */
  readonly from?: unknown;
  /** Absent for a key that was removed. */
  readonly to?: unknown;
}

type Table = ReadonlyMapLike<unknown, unknown>;

/** What became of the keys of one table between two versions; values count as equal when they are stored alike. */
export function* changesBetween(from: Table, to: Table): Generator<KeyChange> {
  for (const [key, value] of to.entries()) {
    const before = from.get(key);
    if (before === undefined) yield { change: 'added', key, to: value };
    else if (!isSame(encode(before), encode(value))) yield { change: 'changed', key, from: before, to: value };
  }
  for (const [key, value] of from.entries()) {
    if (to.get(key) === undefined) yield { change: 'removed', key, from: value };
  }
}

/** Whether two keys are the same to a table. */
export function isSameKey(a: unknown, b: unknown): boolean {
  return isSame(encodeKey(a), encodeKey(b));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
