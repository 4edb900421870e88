import type { Time } from '../../kernel/time.ts';
import { type KeyDictionary, LastingKeys } from '../../rdd/key-dictionary.ts';
import type { Pair } from '../../rdd/pair.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { StoringSlice } from './slice-store.ts';

/** Keys by their numbers, each once, with a value for each. */
export interface NumberedSlice<V> {
  readonly ids: Int32Array;
  readonly values: ArrayLike<V>;
}

/** Pairs of slices that are kept in memory; those of a longer window are read from its tables when they leave. */
const mostKept = 1 << 21;

/**
 * What a window knows of its keys from one time to the next: a number for each, where it is in the state, and the slices by these numbers.
 * Nothing of it is needed: it is empty after a restart and where keys do not come again, and then keys are looked up and slices read.
 */
export class WindowKeys<K, V> {
  readonly #lasting = new LastingKeys<K>();
  #dictionary = this.#lasting.open();
  /** By partition. */
  #places: Float64Array[] = [];
  /** By time and partition. */
  readonly #slices = new Map<Time, NumberedSlice<V>[]>();
  #kept = 0;

  get dictionary(): KeyDictionary<K> {
    return this.#dictionary;
  }

  /** The window moves on: from now on until the next call numbers stay what they are. */
  begin(): void {
    const dictionary = this.#lasting.open();
    if (dictionary === this.#dictionary) return;
    this.#dictionary = dictionary;
    this.#places = [];
    this.#slices.clear();
    this.#kept = 0;
  }

  /** The window has moved on, by so many keys that entered or left. */
  end(keys: number): void {
    this.#lasting.used(keys);
  }

  /** Where the state has keys, by their numbers: what `reviseAt` gave, and takes. */
  placesIn(partition: number): Float64Array {
    const { length } = this.#dictionary.keys;
    const known = this.#places[partition];
    if (known !== undefined && known.length >= length) return known;
    const larger = new Float64Array(length + (length >> 2));
    if (known !== undefined) larger.set(known);
    this.#places[partition] = larger;
    return larger;
  }

  /** A partition of a slice. One that enters is kept for when it leaves, where its values are numbers. */
  async entering(time: Time, slice: RddNode<Pair<K, V>>, partition: number): Promise<NumberedSlice<V>> {
    const numbered = await this.#numbered(slice, partition);
    const { ids, values } = numbered;
    if (this.#dictionary.isLasting && this.#kept + ids.length <= mostKept && areNumbers(values)) {
      const kept = {
        ids,
        values: Float64Array.from(values as ArrayLike<number>) as ArrayLike<unknown> as ArrayLike<V>,
      };
      const slices = this.#slices.get(time) ?? [];
      this.#kept += ids.length - (slices[partition]?.ids.length ?? 0);
      slices[partition] = kept;
      this.#slices.set(time, slices);
    }
    return numbered;
  }

  async leaving(time: Time, slice: RddNode<Pair<K, V>>, partition: number): Promise<NumberedSlice<V>> {
    return this.#slices.get(time)?.[partition] ?? (await this.#numbered(slice, partition));
  }

  /** Slices up to a time leave for good. */
  forgetUntil(until: Time): void {
    for (const [time, slices] of this.#slices) {
      if (time > until) continue;
      for (const slice of slices) this.#kept -= slice?.ids.length ?? 0;
      this.#slices.delete(time);
    }
  }

  async #numbered(slice: RddNode<Pair<K, V>>, partition: number): Promise<NumberedSlice<V>> {
    const dictionary = this.#dictionary;
    const columns = slice instanceof StoringSlice ? await slice.columns<K, V>(partition) : undefined;
    if (columns !== undefined) {
      const numbers = dictionary.translate(columns.keys);
      return { ids: columns.ids.map((id) => numbers[id] as number), values: columns.values };
    }
    const ids: number[] = [];
    const values: V[] = [];
    await slice.compute(partition, ([key, value]) => {
      ids.push(dictionary.numberOf(key));
      values.push(value);
    });
    return { ids: Int32Array.from(ids), values };
  }
}

function areNumbers(values: ArrayLike<unknown>): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== 'number') return false;
  return true;
}
