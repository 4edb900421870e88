import { explainRefusal, kindOf, type Stored, toStored } from './codec-refusal.ts';
import { depthLimit, shortText, shortTextLimit, smallInt, Tag } from './codec-tags.ts';

/** Thrown inside the writer only; leaves it as the error that explains what is wrong and where. */
const refused = Symbol('refused');

/**
 * Encodes values into one growing buffer that is used again and again: nothing is allocated for text and numbers.
 *
 * `bytes` from 0 to `length` is the result until the next `reset`. `bytes` may be replaced by a larger array while writing.
 */
export class CodecWriter {
  bytes: Uint8Array;
  length = 0;
  private view: DataView;
  private depth = 0;
  private canonical = false;

  constructor(sizeBytes = 1024) {
    this.bytes = new Uint8Array(sizeBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  /** Appends a value, its order and its -0 kept. */
  value(value: unknown): void {
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.text(value);
    else if (Array.isArray(value) && value.length === 2 && isPlain(value[0]) && isPlain(value[1])) {
      // Most of what is stored is a pair of these; neither can be refused, so nothing has to be put back.
      this.byte(Tag.array);
      this.count(2);
      this.plain(value[0]);
      this.plain(value[1]);
    } else this.guarded(value, false, 'value');
  }

  /** Appends the canonical form of a key: keys that are equal by value give equal bytes. */
  key(key: unknown): void {
    if (typeof key === 'string') this.text(key);
    else if (typeof key === 'number') this.number(key === 0 ? 0 : key);
    else this.guarded(key, true, 'key');
  }

  /** The result in an array of its own. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private plain(value: number | string): void {
    if (typeof value === 'number') this.number(value);
    else this.text(value);
  }

  private guarded(value: unknown, canonical: boolean, name: string): void {
    const start = this.length;
    const { depth: outerDepth, canonical: outerCanonical } = this;
    this.depth = 0;
    this.canonical = canonical;
    try {
      this.any(value);
    } catch (error) {
      this.length = start;
      throw error === refused ? explainRefusal(value, name) : error;
    } finally {
      this.depth = outerDepth;
      this.canonical = outerCanonical;
    }
  }

  private any(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.number(this.canonical && value === 0 ? 0 : value);
        return;
      case 'string':
        this.text(value);
        return;
      case 'boolean':
        this.byte(value ? Tag.true : Tag.false);
        return;
      case 'bigint':
        this.bigint(value);
        return;
      case 'object':
        if (value === null) this.byte(Tag.null);
        else this.container(value);
        return;
      case 'undefined':
      case 'function':
      case 'symbol':
        throw refused;
    }
  }

  private container(value: object): void {
    if (++this.depth > depthLimit) throw refused;
    switch (kindOf(value)) {
      case 'array':
        this.array(value as readonly unknown[]);
        break;
      case 'object':
        this.object(value as Record<string, unknown>, Tag.object);
        break;
      case 'bareObject':
        this.object(value as Record<string, unknown>, this.canonical ? Tag.object : Tag.bareObject);
        break;
      case 'bytes':
        this.binary(value as Uint8Array);
        break;
      case 'date':
        this.byte(Tag.date);
        this.float64((value as Date).getTime());
        break;
      case 'map':
        this.map(value as ReadonlyMap<unknown, unknown>);
        break;
      case 'set':
        this.set(value as ReadonlySet<unknown>);
        break;
      case 'stored':
        this.any((value as Stored)[toStored]());
        break;
      case undefined:
        throw refused;
    }
    this.depth--;
  }

  private number(value: number): void {
    const whole = value | 0;
    if (whole !== value || (value === 0 && 1 / value < 0)) {
      this.byte(Tag.float64);
      this.float64(value);
      return;
    }
    this.reserve(5);
    const at = this.length;
    if (whole >= 0 && whole < 128) {
      this.bytes[at] = smallInt | whole;
      this.length = at + 1;
    } else if (whole >= -128 && whole < 128) {
      this.bytes[at] = Tag.int8;
      this.view.setInt8(at + 1, whole);
      this.length = at + 2;
    } else if (whole >= -32768 && whole < 32768) {
      this.bytes[at] = Tag.int16;
      this.view.setInt16(at + 1, whole, true);
      this.length = at + 3;
    } else {
      this.bytes[at] = Tag.int32;
      this.view.setInt32(at + 1, whole, true);
      this.length = at + 5;
    }
  }

  private text(text: string): void {
    const count = text.length;
    if (count >= shortTextLimit) {
      this.longText(text);
      return;
    }
    this.reserve(count + 1);
    const { bytes } = this;
    const start = this.length + 1;
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        this.longText(text);
        return;
      }
      bytes[start + i] = unit;
    }
    bytes[start - 1] = shortText | count;
    this.length = start + count;
  }

  private longText(text: string): void {
    const count = text.length;
    let sizeBytes = 0;
    let tag: number = Tag.ascii;
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        sizeBytes++;
        continue;
      }
      if (tag === Tag.ascii) tag = Tag.utf8;
      if (unit < 0x800) sizeBytes += 2;
      else if (isSurrogatePair(text, i)) {
        sizeBytes += 4;
        i++;
      } else {
        sizeBytes += 3;
        if (unit >= 0xd800 && unit < 0xe000) tag = Tag.wtf8;
      }
    }
    this.byte(tag);
    this.count(sizeBytes);
    this.reserve(sizeBytes);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[at++] = unit;
      } else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6);
        bytes[at++] = 0x80 | (unit & 0x3f);
      } else if (isSurrogatePair(text, i)) {
        const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
        bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[at++] = 0x80 | (point & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (unit >> 12);
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[at++] = 0x80 | (unit & 0x3f);
      }
    }
    this.length = at;
  }

  private bigint(value: bigint): void {
    const negative = value < 0n;
    let digits = (negative ? -value : value).toString(16);
    if (digits.length % 2 === 1) digits = `0${digits}`;
    const sizeBytes = digits.length / 2;
    this.byte(Tag.bigint);
    this.byte(negative ? 1 : 0);
    this.count(sizeBytes);
    this.reserve(sizeBytes);
    for (let i = digits.length; i > 0; i -= 2) {
      this.bytes[this.length++] = Number.parseInt(digits.slice(i - 2, i), 16);
    }
  }

  private binary(value: Uint8Array): void {
    this.byte(Tag.bytes);
    this.count(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private array(list: readonly unknown[]): void {
    const count = list.length;
    this.byte(Tag.array);
    this.count(count);
    for (let i = 0; i < count; i++) this.any(list[i]);
  }

  private object(value: Readonly<Record<string, unknown>>, tag: number): void {
    const names = Object.keys(value);
    if (this.canonical) names.sort();
    this.byte(tag);
    this.count(names.length);
    for (const name of names) {
      this.text(name);
      this.any(value[name]);
    }
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    this.byte(Tag.map);
    this.count(map.size);
    const start = this.length;
    const ends: number[] = [];
    for (const [key, item] of map) {
      this.any(key);
      this.any(item);
      ends.push(this.length);
    }
    if (this.canonical) this.sortParts(start, ends);
  }

  private set(set: ReadonlySet<unknown>): void {
    this.byte(Tag.set);
    this.count(set.size);
    const start = this.length;
    const ends: number[] = [];
    for (const item of set) {
      this.any(item);
      ends.push(this.length);
    }
    if (this.canonical) this.sortParts(start, ends);
  }

  /** Maps and sets are equal whatever their order: their parts are put in the order of their bytes. */
  private sortParts(start: number, ends: readonly number[]): void {
    let from = start;
    const parts = ends.map((end) => {
      const part = this.bytes.slice(from, end);
      from = end;
      return part;
    });
    let at = start;
    for (const part of parts.toSorted(compareBytes)) {
      this.bytes.set(part, at);
      at += part.length;
    }
  }

  private float64(value: number): void {
    this.reserve(8);
    // One NaN only, whatever bits this one carries.
    this.view.setFloat64(this.length, Number.isNaN(value) ? Number.NaN : value, true);
    this.length += 8;
  }

  private count(value: number): void {
    let rest = value;
    this.reserve(8);
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  private reserve(sizeBytes: number): void {
    const needed = this.length + sizeBytes;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

function isPlain(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

function isSurrogatePair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high >= 0xdc00) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low < 0xe000;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
