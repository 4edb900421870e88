import { KeyMap } from '../kernel/key-map.ts';

/** Longer texts cost less in a Map, which keeps their hash with them. */
const longestShortText = 24;
/** So many characters of one byte each are three integers, and equal when these are. */
const longestPacked = 12;
/** The mark of a text whose integers are only a hash of it: it has to be compared itself. */
const hashed = 0x100;
const firstSlots = 64;
const entryLength = 4;
/** Before the first short text: most batches of a quiet stream have none, and a table costs more than they do. */
const noSlots = new Int32Array(1);
const noEntries = new Int32Array(0);
/** So far a short text may stand from its place; beyond, it goes to a Map, so that keys made to collide cost little more than there. */
const farthest = 128;

/**
 * Numbers keys in order of first appearance: 0, 1, 2 ... Keys are equal by value as in `KeyMap`, and none is ever removed. Made for the loop
 * that combines every record of a batch; what belongs to a key is kept by the caller, in lists by number.
 *
 * Short texts stand in an own table with open addressing. A fresh text out of `split` costs one pass over its characters, which makes it
 * three integers; it is compared by these alone. What is looked at for a word stands in two arrays of integers: half a megabyte of slots
 * for 100,000 words, and entries in the order of the numbers, so that frequent words stand together. The strings themselves are all over
 * the heap: to compare them took two fifths more time for a word (word count over 100,000 words; `scripts/bench`, W2).
 */
export class KeyIndex<K> {
  /** By number. */
  readonly keys: K[] = [];
  /** Number + 1 of each slot in as many bits as the mask has, bits of the hash in the others; 0 where the slot is free. */
  #slots = noSlots;
  #mask = 0;
  #inSlots = 0;
  /** By number: three integers of a short text, and its length + 1; 0 of a key that is none. */
  #entries = noEntries;
  readonly #crowded = new Map<K, number>();
  readonly #others = new KeyMap<K, number>();
  // The text that was packed last.
  #first = 0;
  #second = 0;
  #third = 0;
  #tag = 0;

  /** The number of a key, -1 when it has none. */
  find(key: K): number {
    if (typeof key !== 'string' || key.length > longestShortText) return this.#others.get(key) ?? -1;
    this.#pack(key);
    const first = this.#first;
    const second = this.#second;
    const third = this.#third;
    const tag = this.#tag;
    const hash = hashOf(first, second, third, tag);
    const slots = this.#slots;
    const entries = this.#entries;
    const mask = this.#mask;
    for (let probe = 0; probe < farthest; probe++) {
      const known = slots[(hash + probe) & mask] as number;
      if (known === 0) return -1;
      if (((known ^ hash) & ~mask) !== 0) continue;
      const number = (known & mask) - 1;
      const entry = number * entryLength;
      if (entries[entry] !== first || entries[entry + 1] !== second) continue;
      if (entries[entry + 2] !== third || entries[entry + 3] !== tag) continue;
      if (tag < hashed || this.keys[number] === key) return number;
    }
    return this.#crowded.get(key) ?? -1;
  }

  /** The number of a key, which gets one where it has none. */
  numberOf(key: K): number {
    const known = this.find(key);
    return known < 0 ? this.add(key) : known;
  }

  /** Gives a number to a key that `find` does not know. */
  add(key: K): number {
    const number = this.keys.push(key) - 1;
    if (typeof key !== 'string' || key.length > longestShortText) {
      this.#others.set(key, number);
      return number;
    }
    this.#pack(key);
    this.#keep(number);
    // A number has to fit into the bits of the mask. Four fifths full: a smaller table stays in the cache.
    if (number + 1 >= this.#mask || this.#inSlots * 5 >= this.#mask * 4) this.#grow(number + 1);
    else this.#place(number);
    return number;
  }

  /** Makes a short text three integers and a tag. */
  #pack(text: string): void {
    const { length } = text;
    let first = 0;
    let second = 0;
    let third = 0;
    let all = 0;
    let i = 0;
    if (length <= longestPacked) {
      // A shift counts modulo 32.
      for (; i < length && i < 4; i++) {
        const code = text.charCodeAt(i);
        all |= code;
        first |= code << (i << 3);
      }
      for (; i < length && i < 8; i++) {
        const code = text.charCodeAt(i);
        all |= code;
        second |= code << (i << 3);
      }
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        all |= code;
        third |= code << (i << 3);
      }
    }
    const isPacked = length <= longestPacked && all < 256;
    this.#first = isPacked ? first : textHash(text);
    this.#second = isPacked ? second : 0;
    this.#third = isPacked ? third : 0;
    this.#tag = isPacked ? length + 1 : length + 1 + hashed;
  }

  #keep(number: number): void {
    const entry = number * entryLength;
    if (entry >= this.#entries.length) {
      const larger = new Int32Array(Math.max(entryLength * firstSlots, this.#entries.length * 2, entry * 2));
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[entry] = this.#first;
    this.#entries[entry + 1] = this.#second;
    this.#entries[entry + 2] = this.#third;
    this.#entries[entry + 3] = this.#tag;
  }

  #place(number: number): void {
    const entries = this.#entries;
    const mask = this.#mask;
    const entry = number * entryLength;
    const hash = hashOf(
      entries[entry] as number,
      entries[entry + 1] as number,
      entries[entry + 2] as number,
      entries[entry + 3] as number,
    );
    for (let probe = 0; probe < farthest; probe++) {
      const slot = (hash + probe) & mask;
      if (this.#slots[slot] !== 0) continue;
      this.#slots[slot] = (hash & ~mask) | (number + 1);
      this.#inSlots += 1;
      return;
    }
    this.#crowded.set(this.keys[number] as K, number);
  }

  /** Places every short text anew, the crowded ones too: `find` stops at the first empty slot. */
  #grow(numbers: number): void {
    let size = Math.max(firstSlots, this.#slots.length * 2);
    while (size <= numbers + 1) size *= 2;
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    this.#inSlots = 0;
    this.#crowded.clear();
    const known = Math.min(numbers, this.#entries.length / entryLength);
    for (let number = 0; number < known; number++) {
      if (this.#entries[number * entryLength + 3] !== 0) this.#place(number);
    }
  }
}

function hashOf(first: number, second: number, third: number, tag: number): number {
  let hash = Math.imul(first ^ tag, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ second, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ third, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}

/** FNV-1a. */
function textHash(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
