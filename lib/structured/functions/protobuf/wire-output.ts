import type { Long } from '../../types/data-type.ts';

const utf8 = new TextEncoder();

/** Writes the pieces that a message of Protocol Buffers is made of. */
export class WireOutput {
  #bytes = new Uint8Array(64);
  #length = 0;

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  tag(number: number, wire: number): void {
    this.varint(number * 8 + wire);
  }

  /** Seven bits a byte; negative ones take ten. */
  varint(value: Long): void {
    let rest = value;
    if (typeof rest === 'bigint' || rest < 0) {
      let whole = BigInt.asUintN(64, BigInt(rest));
      while (whole > 127n) {
        this.#byte(Number(whole & 127n) | 128);
        whole >>= 7n;
      }
      rest = Number(whole);
    }
    while (rest > 127) {
      this.#byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  fixed32(value: number): void {
    this.#view(4).setInt32(0, value, true);
  }

  fixed64(value: Long): void {
    this.#view(8).setBigInt64(0, BigInt(value), true);
  }

  float(value: number): void {
    this.#view(4).setFloat32(0, value, true);
  }

  double(value: number): void {
    this.#view(8).setFloat64(0, value, true);
  }

  text(value: string): void {
    this.sized(utf8.encode(value));
  }

  sized(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  #view(bytes: number): DataView {
    this.#room(bytes);
    this.#length += bytes;
    return new DataView(this.#bytes.buffer, this.#length - bytes, bytes);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
