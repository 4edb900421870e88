import { depthLimit, shortText, smallInt, Tag } from './codec-tags.ts';
import { raise } from './errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A view of the source's bytes would have to be made anew for each slab of a table. */
const eightBytes = new Uint8Array(8);
const eightBytesView = new DataView(eightBytes.buffer);

/** Names of properties that were read, each at a place that its bytes give: the latest there stays. */
const names: (string | undefined)[] = Array.from({ length: 512 });

function isText(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

/** Text of this length is decoded natively; for a shorter one the call into native code costs more than the loop (measured: 32). */
const nativeTextFrom = 32;
const unitsOf = Array.from({ length: nativeTextFrom }, (_, length) => Array.from({ length }, () => 0));

/**
 * Reads values out of bytes that may be damaged: every length is checked against what is left before anything is allocated, and
 * whatever is wrong ends as `STATE_BYTES_DAMAGED`.
 */
export class CodecReader {
  position = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  private depth = 0;

  /** Continues with the bytes between `from` and `until`. */
  open(bytes: Uint8Array, from = 0, until: number = bytes.length): this {
    this.bytes = bytes;
    this.position = from;
    this.end = until;
    this.depth = 0;
    return this;
  }

  /** The one value between `from` and `until`. */
  whole(bytes: Uint8Array, from?: number, until?: number): unknown {
    this.open(bytes, from, until);
    const value = this.value();
    if (this.position !== this.end) this.damaged(`${this.end - this.position} bytes too many`);
    return value;
  }

  value(): unknown {
    const tag = this.byte();
    if (tag >= smallInt) return tag & 127;
    if (tag >= shortText) return this.ascii(tag & 63);
    switch (tag) {
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.float64:
        return this.float64();
      case Tag.int8:
        return (this.byte() << 24) >> 24;
      case Tag.int16:
        return ((this.byte() | (this.byte() << 8) | 0) << 16) >> 16;
      case Tag.int32:
        return this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24);
      case Tag.ascii:
        return this.ascii(this.count());
      case Tag.utf8:
        return this.utf8(this.count());
      case Tag.wtf8:
        return this.wtf8(this.count());
      case Tag.bigint:
        return this.bigint();
      case Tag.date:
        return new Date(this.float64());
      case Tag.bytes: {
        const sizeBytes = this.count();
        const from = this.skip(sizeBytes);
        return new Uint8Array(this.bytes.subarray(from, from + sizeBytes));
      }
      default:
        return this.container(tag);
    }
  }

  private container(tag: number): unknown {
    if (++this.depth > depthLimit) this.damaged('values nested too deep');
    let result: unknown;
    switch (tag) {
      case Tag.array:
        result = this.array();
        break;
      case Tag.object:
        result = this.object({});
        break;
      case Tag.bareObject:
        result = this.object(Object.create(null) as Record<string, unknown>);
        break;
      case Tag.map:
        result = this.map();
        break;
      case Tag.set:
        result = this.set();
        break;
      default:
        this.position--;
        return this.damaged(`unknown tag ${tag}`);
    }
    this.depth--;
    return result;
  }

  private array(): unknown[] {
    const count = this.count();
    // Pairs are most of what is stored. An array that grows has room for many more at once.
    if (count === 2) return [this.value(), this.value()];
    const result: unknown[] = [];
    for (let i = 0; i < count; i++) result.push(this.value());
    return result;
  }

  private object(result: Record<string, unknown>): Record<string, unknown> {
    const count = this.count();
    for (let i = 0; i < count; i++) {
      const name = this.knownName() ?? this.value();
      if (typeof name !== 'string') return this.damaged('a property name that is no text');
      const value = this.value();
      // An assignment to this name would change the prototype.
      if (name === '__proto__') {
        Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
      } else result[name] = value;
    }
    return result;
  }

  /** The name that stands next, if it is short and has been read before: the same names come again and again. */
  private knownName(): string | undefined {
    const { bytes, position } = this;
    const tag = bytes[position] as number;
    const length = tag & 63;
    if (tag < shortText || tag >= smallInt || length === 0 || length >= this.end - position) return undefined;
    const from = position + 1;
    const last = bytes[position + length] as number;
    const place =
      (length * 31 + (bytes[from] as number) * 7 + last * 13 + (bytes[from + (length >> 1)] as number)) & 511;
    const known = names[place];
    if (known !== undefined && known.length === length && isText(known, bytes, from)) {
      this.position = from + length;
      return known;
    }
    const name = this.value() as string;
    names[place] = name;
    return name;
  }

  private map(): Map<unknown, unknown> {
    const count = this.count();
    const result = new Map<unknown, unknown>();
    for (let i = 0; i < count; i++) {
      const key = this.value();
      result.set(key, this.value());
    }
    return result;
  }

  private set(): Set<unknown> {
    const count = this.count();
    const result = new Set<unknown>();
    for (let i = 0; i < count; i++) result.add(this.value());
    return result;
  }

  private float64(): number {
    const from = this.skip(8);
    for (let i = 0; i < 8; i++) eightBytes[i] = this.bytes[from + i] as number;
    return eightBytesView.getFloat64(0, true);
  }

  private bigint(): bigint {
    const negative = this.byte() === 1;
    const sizeBytes = this.count();
    const from = this.skip(sizeBytes);
    let digits = '';
    for (let i = from + sizeBytes - 1; i >= from; i--)
      digits += (this.bytes[i] as number).toString(16).padStart(2, '0');
    const magnitude = sizeBytes === 0 ? 0n : BigInt(`0x${digits}`);
    return negative ? -magnitude : magnitude;
  }

  private ascii(count: number): string {
    const from = this.skip(count);
    if (count >= nativeTextFrom) return this.native(from, count);
    const { bytes } = this;
    if (count < 5) {
      let text = '';
      for (let i = from; i < from + count; i++) text += String.fromCharCode(bytes[i] as number);
      return text;
    }
    const units = unitsOf[count] as number[];
    for (let i = 0; i < count; i++) units[i] = bytes[from + i] as number;
    return String.fromCharCode(...units);
  }

  private utf8(sizeBytes: number): string {
    return this.native(this.skip(sizeBytes), sizeBytes);
  }

  private native(from: number, sizeBytes: number): string {
    try {
      return utf8.decode(this.bytes.subarray(from, from + sizeBytes));
    } catch {
      this.position = from;
      return this.damaged('text that is not UTF-8');
    }
  }

  private wtf8(sizeBytes: number): string {
    const from = this.skip(sizeBytes);
    const until = from + sizeBytes;
    let text = '';
    for (let i = from; i < until;) {
      const first = this.bytes[i++] as number;
      if (first < 0x80) text += String.fromCharCode(first);
      else if (first < 0xe0) text += String.fromCharCode(((first & 0x1f) << 6) | this.tail(i++, until));
      else if (first < 0xf0) {
        text += String.fromCharCode(((first & 0x0f) << 12) | (this.tail(i++, until) << 6) | this.tail(i++, until));
      } else {
        const point =
          ((first & 0x07) << 18) | (this.tail(i++, until) << 12) | (this.tail(i++, until) << 6) | this.tail(i++, until);
        if (point > 0x10ffff) this.damaged('text that is not UTF-8');
        text += String.fromCodePoint(point);
      }
    }
    return text;
  }

  private tail(at: number, until: number): number {
    const byte = at < until ? (this.bytes[at] as number) : 0;
    if ((byte & 0xc0) !== 0x80) this.damaged('text that is not UTF-8');
    return byte & 0x3f;
  }

  /** A length or count. Everything that is counted takes at least a byte, so none is larger than what is left. */
  count(): number {
    const first = this.bytes[this.position] as number;
    if (this.position < this.end && first < 128 && first < this.end - this.position) {
      this.position += 1;
      return first;
    }
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) break;
      unit *= 128;
      if (unit > 2 ** 42) this.damaged('an endless length');
    }
    if (value > this.end - this.position)
      this.damaged(`a length of ${value} with ${this.end - this.position} bytes left`);
    return value;
  }

  private byte(): number {
    return this.bytes[this.skip(1)] as number;
  }

  private skip(sizeBytes: number): number {
    const from = this.position;
    if (sizeBytes > this.end - from) this.damaged('the end of the data');
    this.position = from + sizeBytes;
    return from;
  }

  private damaged(what: string): never {
    raise('STATE_BYTES_DAMAGED', { what, position: this.position });
  }
}
