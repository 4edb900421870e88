import { utf8Bytes } from '../types/utf8.ts';

const notAscii = /[^\0-\x7f]/u;

/**
 * Finds values by the bytes of a text, without the text. Only texts of ASCII are in it: for these, equal texts are equal bytes. Filled
 * once; open addressing, at most half full.
 */
export class TextIndex<V> {
  readonly #values: V[] = [];
  readonly #hashes: Int32Array;
  readonly #starts: Int32Array;
  /** By the upper bits of the hash: the place of a value, plus one. */
  readonly #slots: Int32Array;
  readonly #shift: number;
  readonly #keys: DataView;

  constructor(entries: Iterable<readonly [string, V]>) {
    const texts: Uint8Array[] = [];
    let length = 0;
    for (const [text, value] of entries) {
      if (notAscii.test(text)) continue;
      const bytes = utf8Bytes(text);
      texts.push(bytes);
      length += bytes.length;
      this.#values.push(value);
    }
    const bits = Math.max(4, Math.ceil(Math.log2(texts.length + 1)) + 1);
    this.#shift = 32 - bits;
    this.#slots = new Int32Array(2 ** bits);
    this.#hashes = new Int32Array(texts.length);
    this.#starts = new Int32Array(texts.length + 1);
    const keys = new Uint8Array(length);
    this.#keys = new DataView(keys.buffer);
    let at = 0;
    texts.forEach((bytes, i) => {
      keys.set(bytes, at);
      this.#starts[i] = at;
      this.#hashes[i] = hashOf(this.#keys, at, at + bytes.length);
      at += bytes.length;
      this.#put(i);
    });
    this.#starts[texts.length] = at;
  }

  /** The value of the text whose bytes are `[start, end)`, all of them ASCII. */
  find(bytes: DataView, start: number, end: number): V | undefined {
    const hash = hashOf(bytes, start, end);
    const last = this.#slots.length - 1;
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & last) {
      const at = (this.#slots[slot] as number) - 1;
      if (at < 0) return undefined;
      if (this.#hashes[at] === hash && this.#isAt(at, bytes, start, end)) return this.#values[at];
    }
  }

  #put(at: number): void {
    const last = this.#slots.length - 1;
    let slot = (this.#hashes[at] as number) >>> this.#shift;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
    this.#slots[slot] = at + 1;
  }

  #isAt(at: number, bytes: DataView, start: number, end: number): boolean {
    const from = this.#starts[at] as number;
    const length = end - start;
    if ((this.#starts[at + 1] as number) - from !== length) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (this.#keys.getInt32(from + i) !== bytes.getInt32(start + i)) return false;
    for (; i < length; i++) if (this.#keys.getUint8(from + i) !== bytes.getUint8(start + i)) return false;
    return true;
  }
}

/** Good in its upper bits. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x85eb_ca6b);
  return Math.imul(hash, 0x9e37_79b1);
}
