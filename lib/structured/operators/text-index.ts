import { utf8Bytes } from '../types/utf8.ts';

const notAscii = /[^\0-\x7f]/u;

/** What stands in a slot: the hash, where the bytes of the text begin and end, and the place of its value plus one. */
const slotInts = 4;

/**
 * Finds values by the bytes of a text, without the text. Only texts of ASCII are in it: for these, equal texts are equal bytes. Filled
 * once; open addressing, at most two thirds full. All that a look-up needs of a text but its bytes stands together: with 10,000 texts
 * most of its time goes into waiting for memory.
 */
export class TextIndex<V> {
  readonly #values: V[] = [];
  /** By the upper bits of the hash. */
  readonly #slots: Int32Array;
  readonly #last: number;
  readonly #shift: number;
  readonly #keys: DataView;

  constructor(entries: Iterable<readonly [string, V]>) {
    const texts: Uint8Array[] = [];
    let length = 0;
    for (const [text, value] of entries) {
      if (!isAsciiText(text)) continue;
      const bytes = utf8Bytes(text);
      texts.push(bytes);
      length += bytes.length;
      this.#values.push(value);
    }
    const bits = Math.max(4, Math.ceil(Math.log2(texts.length * 1.5 + 1)));
    this.#shift = 32 - bits;
    this.#last = 2 ** bits - 1;
    this.#slots = new Int32Array(2 ** bits * slotInts);
    const keys = new Uint8Array(length);
    this.#keys = new DataView(keys.buffer);
    let start = 0;
    texts.forEach((bytes, i) => {
      keys.set(bytes, start);
      this.#put(start, start + bytes.length, i);
      start += bytes.length;
    });
  }

  /** The value of the text whose bytes are `[start, end)`, all of them ASCII. */
  find(bytes: DataView, start: number, end: number): V | undefined {
    const at = this.indexOf(bytes, start, end);
    return at < 0 ? undefined : this.#values[at];
  }

  /** Which of the texts that are in it this is, in the order in which they were given; -1 when it is none. */
  indexOf(bytes: DataView, start: number, end: number): number {
    const slots = this.#slots;
    const hash = hashOf(bytes, start, end);
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & this.#last) {
      const at = slot * slotInts;
      const found = (slots[at + 3] as number) - 1;
      if (found < 0) return -1;
      if (slots[at] === hash && this.#isAt(slots[at + 1] as number, slots[at + 2] as number, bytes, start, end)) {
        return found;
      }
    }
  }

  #put(start: number, end: number, index: number): void {
    const hash = hashOf(this.#keys, start, end);
    let slot = hash >>> this.#shift;
    while (this.#slots[slot * slotInts + 3] !== 0) slot = (slot + 1) & this.#last;
    this.#slots.set([hash, start, end, index + 1], slot * slotInts);
  }

  #isAt(from: number, until: number, bytes: DataView, start: number, end: number): boolean {
    const length = end - start;
    if (until - from !== length) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (this.#keys.getInt32(from + i, true) !== bytes.getInt32(start + i, true)) return false;
    }
    for (; i < length; i++) if (this.#keys.getUint8(from + i) !== bytes.getUint8(start + i)) return false;
    return true;
  }
}

/** Whether the index has the text when it is given. */
export function isAsciiText(text: string): boolean {
  return !notAscii.test(text);
}

/** Good in its upper bits. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x85eb_ca6b);
  return Math.imul(hash, 0x9e37_79b1);
}
