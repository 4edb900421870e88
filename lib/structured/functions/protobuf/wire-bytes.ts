import { raise } from '../../../kernel/errors.ts';
import type { Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import { deepest } from './proto-file.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the pieces that a message of Protocol Buffers is made of; what is missing or too long is `PROTOBUF_BYTES_INVALID`. */
export class WireBytes {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = from;
  }

  get length(): number {
    return this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) return invalidBytes('they end too early');
    this.at++;
    return value;
  }

  /** Up to ten bytes, as a number without sign. */
  varint(): Long {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low += (byte & 127) * 2 ** shift;
      if (byte < 128) return low;
    }
    let rest = 0n;
    for (let shift = 0n; shift < 42n; shift += 7n) {
      const byte = this.byte();
      rest |= BigInt(byte & 127) << shift;
      if (byte < 128) return toLong(BigInt.asUintN(64, (rest << 28n) | BigInt(low)));
    }
    return invalidBytes('a number has more than ten bytes');
  }

  /** The number and wire type of the next field. */
  tag(): { readonly number: number; readonly wire: number } {
    const tag = this.varint();
    const number = typeof tag === 'number' ? Math.floor(tag / 8) : 0;
    if (number === 0 || typeof tag !== 'number' || tag >= 2 ** 32) return invalidBytes('a field has no valid number');
    return { number, wire: tag % 8 };
  }

  /** The end of something that says its length first. */
  end(limit: number): number {
    const length = this.varint();
    if (typeof length !== 'number' || length > limit - this.at) {
      return invalidBytes(`a length of ${length} is beyond their end`);
    }
    return this.at + length;
  }

  fixed32(): number {
    return this.#fixed(4, (at) => this.#view.getUint32(at, true));
  }

  fixed64(): Long {
    return this.#fixed(8, (at) => toLong(this.#view.getBigUint64(at, true)));
  }

  float(): number {
    return this.#fixed(4, (at) => this.#view.getFloat32(at, true));
  }

  double(): number {
    return this.#fixed(8, (at) => this.#view.getFloat64(at, true));
  }

  slice(end: number): Uint8Array {
    const from = this.at;
    this.at = end;
    return this.#bytes.slice(from, end);
  }

  text(end: number, isStrict = true): string {
    const from = this.at;
    this.at = end;
    try {
      return (isStrict ? strict : lenient).decode(this.#bytes.subarray(from, end));
    } catch {
      return invalidBytes('a text is not UTF-8');
    }
  }

  /** Steps over a field; groups end with their own number. */
  skip(number: number, wire: number, limit: number, depth = 0): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.fixed64();
    else if (wire === 2) this.at = this.end(limit);
    else if (wire === 5) this.fixed32();
    else if (wire === 3 && depth < deepest) {
      for (let next = this.tag(); next.wire !== 4; next = this.tag()) {
        this.skip(next.number, next.wire, limit, depth + 1);
      }
    } else
      invalidBytes(wire === 3 ? `groups are more than ${deepest} deep` : `field ${number} has the wire type ${wire}`);
    if (this.at > limit) invalidBytes('a field is longer than what it is in');
  }

  #fixed<T>(length: number, read: (at: number) => T): T {
    if (length > this.#bytes.length - this.at) return invalidBytes('they end too early');
    const { at } = this;
    this.at += length;
    return read(at);
  }
}

export function invalidBytes(problem: string): never {
  return raise('PROTOBUF_BYTES_INVALID', { problem });
}
