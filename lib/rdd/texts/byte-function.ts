import type { TextRows } from '../../io/text-rows.ts';

/** What a function on elements makes of a whole block of them in bytes. */
export type OnRows<T, U> = (rows: TextRows<T>) => TextRows<U>;

const onRows = new WeakMap<object, OnRows<never, unknown>>();

/**
 * Says what a function on elements does to a block of texts in bytes: the same, as `map`, `flatMap` or `filter` would use the function.
 * They take the short way where the source offers bytes, and call the function for each element everywhere else.
 */
export function alsoOnRows<F extends object>(f: F, rows: OnRows<never, unknown>): F {
  onRows.set(f, rows);
  return f;
}

/** What was said of a function; most are plain ones. */
export function rowsFunctionOf<T, U>(f: object): OnRows<T, U> | undefined {
  return onRows.get(f) as OnRows<T, U> | undefined;
}
