/** What `revise` is told to leave a key as it is. */
export const unchanged: unique symbol = Symbol('unchanged');

/** `warm` takes so many keys at a time. */
export const warmKeys = 128;

/** Keys that are revised one after the other, and what is done with each. */
export interface KeyRun<K, V> {
  readonly keys: readonly K[];
  /** The number of the key that is being worked on: set before anything is done with it, so that it says which one a failure belongs to. */
  at: number;
  /** Given the value of the key that is being worked on. `unchanged` leaves the key as it is, `undefined` or `null` removes it. */
  next(value: V | undefined): V | null | undefined | typeof unchanged;
}

/**
 * The keyed state of one operator in one partition. Keys and values live outside the JavaScript heap, encoded.
 *
 * - Reads see this batch's own writes.
 * - Keys are equal by value (`1` and `'1'` differ, `NaN` equals `NaN`, `-0` equals `0`, arrays and plain objects compare deeply).
 * - A `put` whose encoded value equals the stored one changes nothing, and is no part of the batch's delta.
 * - What comes out is decoded anew each time: changing it does not change the state.
 * - `undefined` cannot be stored and is refused by name; `null` can.
 */
export interface StateTable<K, V> {
  readonly size: number;
  /** Bytes held for keys and values. */
  readonly sizeBytes: number;
  has(key: K): boolean;
  get(key: K): V | undefined;
  put(key: K, value: V): void;
  remove(key: K): boolean;
  /** Reads and writes one key with one look-up: an `undefined` or `null` result removes it. Returns the result. */
  update(key: K, next: (value: V | undefined) => V | null | undefined): V | null | undefined;
  /** As `update`, without a result: `unchanged` leaves the key as it is, stored or not. */
  revise(key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): void;
  /**
   * As `revise` for each of the keys in order, of which some may be the same. What is known of them is read ahead, many keys at once: one
   * after the other would wait for the memory each time.
   */
  reviseEach(run: KeyRun<K, V>): void;
  /**
   * As `revise`, for keys that come again and again. `place` is what this gave for the key the last time, 0 at first; it saves the look-up where
   * it still holds. The table may keep a text that is a key: it has to have memory of its own.
   */
  reviseAt(place: number, key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): number;
  /**
   * Says which keys, at most `warmKeys`, are asked for next: what is known of them is read ahead all at once, where one after the other
   * would wait for the memory each time. Changes nothing.
   */
  warm(keys: readonly K[]): void;
  /** As `warm`, for keys with places: those of `ids[from]` and the `warmKeys - 1` behind it, by `places[id]`. */
  warmAt(places: Float64Array, ids: Int32Array, from: number): void;
  /** Visits every key once and replaces its value: an `undefined` or `null` result removes it. Keys added by the visit are not visited. */
  updateEach(next: (key: K, value: V) => V | null | undefined): void;
  /** As `updateEach`, some keys at each step, whose number it gives: between two steps others may have their turn, but nobody may use the table. */
  updateInSteps(next: (key: K, value: V) => V | null | undefined): Iterable<number>;
  /** Every key with its value, in no particular but stable order. */
  forEach(visit: (key: K, value: V) => void): void;
  entries(): Iterable<readonly [K, V]>;
}
