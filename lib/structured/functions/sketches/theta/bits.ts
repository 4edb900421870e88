/** Numbers of up to 64 bits one behind the other, without regard to bytes, the most significant bit first. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #bit: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#bit = 8 * start;
  }

  put(low: number, high: number, bits: number): void {
    for (let rest = bits; rest > 0;) {
      const room = 8 - (this.#bit & 7);
      const count = Math.min(room, rest);
      rest -= count;
      const part = shifted(low, high, rest) & ((1 << count) - 1);
      const at = this.#bit >>> 3;
      this.#bytes[at] = (this.#bytes[at] as number) | (part << (room - count));
      this.#bit += count;
    }
  }
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #bit: number;
  /** The words of the number that was read last. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#bit = 8 * start;
  }

  read(bits: number): void {
    this.low = 0;
    this.high = 0;
    for (let rest = bits; rest > 0;) {
      const room = 8 - (this.#bit & 7);
      const count = Math.min(room, rest);
      const byte = this.#bytes[this.#bit >>> 3] as number;
      const part = (byte >>> (room - count)) & ((1 << count) - 1);
      this.high = (this.high << count) | (this.low >>> (32 - count));
      this.low = (this.low << count) | part;
      rest -= count;
      this.#bit += count;
    }
  }
}

/** The low word of a number that is shifted to the right by up to 63 bits. */
function shifted(low: number, high: number, bits: number): number {
  if (bits >= 32) return high >>> (bits - 32);
  return bits === 0 ? low : (low >>> bits) | (high << (32 - bits));
}
