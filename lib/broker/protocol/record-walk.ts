import { batchHeaderBytes } from './record-batch.ts';

/** One record as far as a log looks into it. A negative `keyLength` is a null key. */
export interface WalkedRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly keyLength: number;
}

/**
 * Walks the records of an uncompressed batch and calls `visit` with each until it returns true.
 *
 * The object handed to `visit` is reused. Returns the number of records visited, or -1 where the bytes are not records.
 */
export function walkRecords(batch: Buffer, visit: (record: WalkedRecord) => boolean): number {
  const cursor = new VarintCursor(batch, batchHeaderBytes);
  const record = { offsetDelta: 0, timestampDelta: 0, keyLength: 0 };
  let count = 0;
  while (cursor.position < batch.length) {
    const length = cursor.varint();
    const end = cursor.position + length;
    if (cursor.failed || length < 0 || end > batch.length) return -1;
    cursor.skip(1);
    record.timestampDelta = cursor.varint();
    record.offsetDelta = cursor.varint();
    record.keyLength = cursor.skipBytes();
    cursor.skipBytes();
    const headers = cursor.varint();
    if (headers < 0 || headers > length) return -1;
    for (let i = 0; i < headers && !cursor.failed; i++) {
      if (cursor.skipBytes() < 0) return -1;
      cursor.skipBytes();
    }
    if (cursor.failed || cursor.position !== end) return -1;
    count++;
    if (visit(record)) return count;
  }
  return count;
}

/** Reads zigzag varints; once something does not fit it stays failed. */
class VarintCursor {
  readonly #bytes: Buffer;
  position: number;
  failed = false;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  varint(): number {
    // Most are one byte or two: bit operations, which longer ones would overflow.
    const first = this.#bytes[this.position];
    if (first !== undefined && first < 128) {
      this.position++;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = this.#bytes[this.position + 1];
    if (first !== undefined && second !== undefined && second < 128) {
      this.position += 2;
      const value = (first & 127) | (second << 7);
      return (value >>> 1) ^ -(value & 1);
    }
    return this.#longVarint();
  }

  #longVarint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) break;
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
    this.failed = true;
    return 0;
  }

  skip(length: number): void {
    this.position += length;
    if (this.position > this.#bytes.length) this.failed = true;
  }

  /** Skips a length and as many bytes; a negative length is null and has none. */
  skipBytes(): number {
    const length = this.varint();
    if (length > 0) this.skip(length);
    return length;
  }
}
