import { KeyMap } from '../kernel/key-map.ts';

/** Longer texts cost less in a Map, which keeps their hash with them. */
const longestShortText = 24;
const firstSlots = 64;
/** Before the first short text: most batches of a quiet stream have none, and a table costs more than they do. */
const noSlots = new Int32Array(2);
/** So far a short text may stand from its place; beyond, it goes to a Map, so that keys made to collide cost little more than there. */
const farthest = 128;

/**
 * Numbers keys in order of first appearance: 0, 1, 2 ... Keys are equal by value as in `KeyMap`, and none is ever removed. Made for the loop
 * that combines every record of a batch; what belongs to a key is kept by the caller, in lists by number.
 *
 * Short texts stand in an own table with open addressing, hash and number side by side in one array of integers: a fresh text out of
 * `split` costs one pass over its characters, and the collector never looks into the table. A Map touches twice as many places that are
 * all cold in a large vocabulary (word count over 100,000 words: half the time for a word; `scripts/bench`, W2).
 */
export class KeyIndex<K> {
  /** By number. */
  readonly keys: K[] = [];
  /** Hash and number + 1 of each slot; 0 where the slot is free. */
  #slots = noSlots;
  #mask = 0;
  #inSlots = 0;
  readonly #crowded = new Map<K, number>();
  readonly #others = new KeyMap<K, number>();

  /** The number of a key, -1 when it has none. */
  find(key: K): number {
    if (typeof key !== 'string' || key.length > longestShortText) return this.#others.get(key) ?? -1;
    const hash = hashOf(key);
    const slots = this.#slots;
    const mask = this.#mask;
    for (let probe = 0; probe < farthest; probe++) {
      const slot = 2 * ((hash + probe) & mask);
      const number = slots[slot + 1] as number;
      if (number === 0) return -1;
      if (slots[slot] === hash && this.keys[number - 1] === key) return number - 1;
    }
    return this.#crowded.get(key) ?? -1;
  }

  /** Gives a number to a key that `find` does not know. */
  add(key: K): number {
    const number = this.keys.push(key) - 1;
    if (typeof key !== 'string' || key.length > longestShortText) {
      this.#others.set(key, number);
      return number;
    }
    // Four fifths full: half as large a table stays in the cache, and neighbouring slots are read with the first.
    if (this.#slots === noSlots) {
      this.#slots = new Int32Array(2 * firstSlots);
      this.#mask = firstSlots - 1;
    } else if (this.#inSlots * 5 > this.#mask * 4) this.#grow();
    this.#place(hashOf(key), number);
    return number;
  }

  #place(hash: number, number: number): void {
    for (let probe = 0; probe < farthest; probe++) {
      const slot = 2 * ((hash + probe) & this.#mask);
      if (this.#slots[slot + 1] !== 0) continue;
      this.#slots[slot] = hash;
      this.#slots[slot + 1] = number + 1;
      this.#inSlots += 1;
      return;
    }
    this.#crowded.set(this.keys[number] as K, number);
  }

  /** Places every short text anew, the crowded ones too: `find` stops at the first empty slot. */
  #grow(): void {
    const old = this.#slots;
    const crowded = [...this.#crowded];
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = old.length - 1;
    this.#inSlots = 0;
    this.#crowded.clear();
    for (let slot = 0; slot < old.length; slot += 2) {
      const number = old[slot + 1] as number;
      if (number !== 0) this.#place(old[slot] as number, number - 1);
    }
    for (const [key, number] of crowded) this.#place(hashOf(key as string), number);
  }
}

/** FNV-1a with its high bits folded into the low ones, which choose the slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
