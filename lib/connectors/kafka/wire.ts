/** Writes the classic (not flexible) encoding of Kafka requests: big-endian numbers, texts with a length of two bytes. */
export class WireWriter {
  #buffer: Buffer;
  #size = 0;

  constructor(capacity = 512) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  int8(value: number): this {
    this.#size = this.#room(1).writeInt8(value, this.#size);
    return this;
  }

  int16(value: number): this {
    this.#size = this.#room(2).writeInt16BE(value, this.#size);
    return this;
  }

  int32(value: number): this {
    this.#size = this.#room(4).writeInt32BE(value, this.#size);
    return this;
  }

  /** A whole number of at most 53 bits: what offsets and timestamps are in practice. */
  int64(value: number): this {
    const buffer = this.#room(8);
    buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.#size);
    this.#size = buffer.writeUInt32BE(value >>> 0, this.#size + 4);
    return this;
  }

  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    const size = Buffer.byteLength(value);
    this.int16(size);
    this.#size += this.#room(size).write(value, this.#size);
    return this;
  }

  blob(value: Uint8Array | null): this {
    if (value === null) return this.int32(-1);
    return this.int32(value.length).raw(value);
  }

  raw(value: Uint8Array): this {
    this.#room(value.length).set(value, this.#size);
    this.#size += value.length;
    return this;
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  #room(bytes: number): Buffer {
    if (this.#size + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#size + bytes));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}

/** Reads the classic encoding. A read past the end throws Node's RangeError, which the caller reports as a damaged answer. */
export class WireReader {
  position: number;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array, position = 0) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  get remaining(): number {
    return this.#buffer.length - this.position;
  }

  int8(): number {
    this.position += 1;
    return this.#buffer.readInt8(this.position - 1);
  }

  int16(): number {
    this.position += 2;
    return this.#buffer.readInt16BE(this.position - 2);
  }

  int32(): number {
    this.position += 4;
    return this.#buffer.readInt32BE(this.position - 4);
  }

  int64(): number {
    this.position += 8;
    return int64At(this.#buffer, this.position - 8);
  }

  text(): string | null {
    const size = this.int16();
    if (size < 0) return null;
    this.position += size;
    return this.#buffer.toString('utf8', this.position - size, this.position);
  }

  /** Reads a list; a count that the bytes left over cannot hold reads past the end instead of allocating. */
  list<T>(read: () => T): T[] {
    const count = this.int32();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }
}

/** 64 bits as a number, exact to 2^53: two 32-bit reads, no BigInt. */
export function int64At(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * 0x1_0000_0000 + buffer.readUInt32BE(position + 4);
}
