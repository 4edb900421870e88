import type { CodeScope } from '../expressions/code-scope.ts';
import { utf8Text } from '../types/utf8.ts';

const longest = 64;
const smallest = 1024;
const largest = 65_536;
/** After so many look-ups a cache is judged. */
const period = 8192;

type Maker = (bytes: Uint8Array, at: number) => string;

/** One function for each length: all characters in one call, so that the text is flat and comparing or hashing it costs no more. */
const makers: (Maker | undefined)[] = [];

function makerOf(scope: CodeScope, length: number): Maker {
  const units = Array.from({ length }, (_, i) => `bytes[at + ${i}]`).join(', ');
  const made = scope.build(['bytes', 'at'], `return String.fromCharCode(${units});`);
  return (made as Maker | undefined) ?? ((bytes, at) => utf8Text(bytes.subarray(at, at + length)));
}

/**
 * Texts of one field that were read before, by the hash of their bytes: the same few come again and again and are not made anew. Grows
 * while it misses, and stands aside where the texts are never the same.
 */
export class AsciiTexts {
  private texts: (string | undefined)[] = emptySlots(smallest);
  private lookUps = 0;
  private misses = 0;
  private isUseless = false;
  private readonly scope: CodeScope;

  constructor(scope: CodeScope) {
    this.scope = scope;
  }

  /** The text of ASCII bytes. `hash` is of these bytes, of any quality in its lower bits. */
  at(bytes: Uint8Array, start: number, length: number, hash: number): string {
    if (length > longest) return utf8Text(bytes.subarray(start, start + length));
    if (this.isUseless) return this.make(bytes, start, length);
    if (++this.lookUps > period) this.judge();
    const slot = (hash ^ (hash >>> 15)) & (this.texts.length - 1);
    const known = this.texts[slot];
    if (known !== undefined && known.length === length && isSame(known, bytes, start)) return known;
    this.misses++;
    const text = this.make(bytes, start, length);
    this.texts[slot] = text;
    return text;
  }

  private make(bytes: Uint8Array, start: number, length: number): string {
    return (makers[length] ??= makerOf(this.scope, length))(bytes, start);
  }

  private judge(): void {
    const share = this.misses / this.lookUps;
    this.lookUps = 0;
    this.misses = 0;
    if (share < 0.2) return;
    if (this.texts.length < largest) this.texts = emptySlots(this.texts.length * 4);
    else if (share > 0.7) {
      this.isUseless = true;
      this.texts = [];
    }
  }
}

function emptySlots(count: number): (string | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}

function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
