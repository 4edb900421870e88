import { raise } from '../../kernel/errors.ts';

/** Array elements one request may hold: an element of two bytes becomes an object of a hundred. */
const maxElements = 200_000;

/**
 * Reads the primitive types of the Kafka protocol from one request.
 *
 * Everything a client claims is checked against the bytes that are there before anything is allocated; what does not fit
 * raises BROKER_PROTOCOL, and whoever called closes the connection.
 */
export class Decoder {
  readonly #bytes: Buffer;
  #position: number;
  #elements = 0;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  /** Exact up to 2^53, which offsets and timestamps do not reach; beyond that the nearest double. */
  int64(): number {
    const at = this.#advance(8);
    return this.#bytes.readInt32BE(at) * 4294967296 + this.#bytes.readUInt32BE(at + 4);
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** An unsigned varint of at most 31 bits: every use is a length, a count or a tag. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#bytes[this.#advance(1)] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        if (value > 0x7fffffff) break;
        return value;
      }
    }
    return raise('BROKER_PROTOCOL', { what: 'a variable-length number above 31 bits' });
  }

  uuid(): string {
    return this.#take(16).toString('hex');
  }

  string(flexible: boolean): string | null {
    const length = flexible ? this.uvarint() - 1 : this.int16();
    return length < 0 ? null : this.#take(length).toString('utf8');
  }

  /** A view of the request's bytes, not a copy. */
  bytes(flexible: boolean): Buffer | null {
    const length = flexible ? this.uvarint() - 1 : this.int32();
    return length < 0 ? null : this.#take(length);
  }

  /** The number of elements that follow, or -1 for a null array. Each element takes one byte at least. */
  arrayLength(flexible: boolean): number {
    const length = flexible ? this.uvarint() - 1 : this.int32();
    if (length > this.remaining) {
      raise('BROKER_PROTOCOL', { what: `an array of ${length} elements in ${this.remaining} bytes` });
    }
    this.#elements += Math.max(0, length);
    if (this.#elements > maxElements) {
      raise('BROKER_PROTOCOL', { what: `more than ${maxElements} array elements in one request` });
    }
    return length;
  }

  /** Skips tagged fields: none of those that clients send means anything to this broker. */
  skipTags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.#advance(this.uvarint());
    }
  }

  #take(length: number): Buffer {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  #advance(length: number): number {
    const at = this.#position;
    if (length > this.#bytes.length - at) {
      raise('BROKER_PROTOCOL', { what: `a field of ${length} bytes where ${this.#bytes.length - at} are left` });
    }
    this.#position = at + length;
    return at;
  }
}
