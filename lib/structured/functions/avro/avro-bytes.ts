import { raise } from '../../../kernel/errors.ts';
import type { Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the pieces that Avro's binary form is made of; what is missing or too long is `AVRO_BYTES_INVALID`. */
export class AvroBytes {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = from;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) return invalid('they end too early');
    this.at++;
    return value;
  }

  /** A zigzag number of up to ten bytes. */
  long(): Long {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    let rest = 0n;
    for (let shift = 0n; shift < 42n; shift += 7n) {
      const byte = this.byte();
      rest |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        const whole = BigInt.asUintN(64, (rest << 28n) | BigInt(value));
        return toLong(BigInt.asIntN(64, (whole >> 1n) ^ -(whole & 1n)));
      }
    }
    return invalid('a number has more than ten bytes');
  }

  int(): number {
    const value = this.long();
    return typeof value === 'number' && value === (value | 0) ? value : invalid(`${value} is no int`);
  }

  /** A number of bytes or elements: never more than what is left could hold. */
  length(): number {
    const value = this.long();
    return typeof value === 'number' && value >= 0 && value <= this.left
      ? value
      : invalid(`a length of ${value} is beyond their end`);
  }

  float(): number {
    return this.#fixed(4, (at) => this.#view.getFloat32(at, true));
  }

  double(): number {
    return this.#fixed(8, (at) => this.#view.getFloat64(at, true));
  }

  slice(length: number): Uint8Array {
    return this.#fixed(length, (at) => this.#bytes.slice(at, at + length));
  }

  text(): string {
    const length = this.length();
    return this.#fixed(length, (at) => {
      try {
        return utf8.decode(this.#bytes.subarray(at, at + length));
      } catch {
        return invalid('a text is not UTF-8');
      }
    });
  }

  #fixed<T>(length: number, read: (at: number) => T): T {
    if (length > this.left) return invalid('they end too early');
    const { at } = this;
    this.at += length;
    return read(at);
  }
}

export function invalid(problem: string): never {
  return raise('AVRO_BYTES_INVALID', { problem });
}
