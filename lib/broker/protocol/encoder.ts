const twoTo32 = 4294967296;
const maxInt64 = 2 ** 63;

/**
 * Writes the primitive types of the Kafka protocol and gathers the pieces of one response.
 *
 * Record sets are spliced in as they are stored; only the bytes around them are written here.
 */
export class Encoder {
  #bytes = Buffer.allocUnsafe(512);
  #position = 0;
  readonly #parts: Buffer[] = [];
  #partBytes = 0;

  int8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#position++] = value & 255;
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#position = this.#bytes.writeInt16BE(value, this.#position);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#position = this.#bytes.writeInt32BE(value, this.#position);
  }

  int64(value: number): void {
    this.#reserve(8);
    this.#position = writeInt64(this.#bytes, value, this.#position);
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  uvarint(value: number): void {
    this.#reserve(5);
    let left = value;
    while (left > 127) {
      this.#bytes[this.#position++] = (left & 127) | 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#position++] = left;
  }

  uuid(value: string): void {
    this.#reserve(16);
    this.#bytes.write(value, this.#position, 16, 'hex');
    this.#position += 16;
  }

  string(value: string | null, flexible: boolean): void {
    if (value === null) {
      if (flexible) this.uvarint(0);
      else this.int16(-1);
      return;
    }
    const length = Buffer.byteLength(value);
    if (flexible) this.uvarint(length + 1);
    else this.int16(length);
    this.#reserve(length);
    this.#position += this.#bytes.write(value, this.#position, length);
  }

  bytes(value: Uint8Array | null, flexible: boolean): void {
    this.#length(value === null ? -1 : value.length, flexible);
    if (value === null) return;
    this.#reserve(value.length);
    this.#bytes.set(value, this.#position);
    this.#position += value.length;
  }

  arrayLength(length: number, flexible: boolean): void {
    this.#length(length, flexible);
  }

  /** Record batches back to back; the buffers become part of the response without being copied. */
  records(batches: readonly Buffer[], flexible: boolean): void {
    let size = 0;
    for (const batch of batches) size += batch.length;
    this.#length(size, flexible);
    if (size === 0) return;
    this.#cut();
    for (const batch of batches) this.#push(batch);
  }

  /** This broker sends no tagged fields. */
  noTags(): void {
    this.uvarint(0);
  }

  /** What was written, with its length in front, ready for the socket. */
  toFrame(): Buffer[] {
    this.#cut();
    const prefix = Buffer.allocUnsafe(4);
    prefix.writeInt32BE(this.#partBytes);
    return [prefix, ...this.#parts];
  }

  #length(length: number, flexible: boolean): void {
    if (flexible) this.uvarint(length + 1);
    else this.int32(length);
  }

  #reserve(size: number): void {
    if (this.#position + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#position + size));
    this.#bytes.copy(grown, 0, 0, this.#position);
    this.#bytes = grown;
  }

  #cut(): void {
    if (this.#position === 0) return;
    this.#push(this.#bytes.subarray(0, this.#position));
    this.#bytes = Buffer.allocUnsafe(256);
    this.#position = 0;
  }

  #push(part: Buffer): void {
    this.#parts.push(part);
    this.#partBytes += part.length;
  }
}

/** Writes a signed 64-bit number given as a double, held to the range; returns the position after it. */
export function writeInt64(bytes: Buffer, value: number, at: number): number {
  if (value >= maxInt64) {
    bytes.writeInt32BE(0x7fffffff, at);
    return bytes.writeUInt32BE(0xffffffff, at + 4);
  }
  const held = Math.max(value, -maxInt64);
  const high = Math.floor(held / twoTo32);
  bytes.writeInt32BE(high, at);
  return bytes.writeUInt32BE(held - high * twoTo32, at + 4);
}

/** Reads a signed 64-bit number as a double, exact up to 2^53. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * twoTo32 + bytes.readUInt32BE(at + 4);
}
