import type { KeyIndex } from './key-index.ts';

/**
 * Pairs by column: `values[i]` belongs to `keys[ids[i]]`; each key is there once. The list of keys only grows, and may be the same from batch to
 * batch.
 */
export interface KeyColumns<K, V> {
  readonly keys: readonly K[];
  /** Undefined where `values[i]` belongs to `keys[i]`. */
  readonly ids: Int32Array | undefined;
  readonly values: ArrayLike<V>;
}

/** As they come out of a table. */
export interface NumberedColumns<K, V> extends KeyColumns<K, V> {
  /** What the keys are numbered by. */
  readonly index: KeyIndex<K>;
  readonly ids: Int32Array;
  readonly values: readonly V[];
}
