import { codecBits, type Codec, pack } from './compression.ts';
import { checksums } from './packages.ts';
import { batchHeadSize } from './record-batch.ts';

/** A record ready for the wire. */
export interface OutgoingRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[];
  readonly timestamp: number;
}

export interface BatchOptions {
  readonly codec?: Codec;
  /** Bits besides the codec; a broker writes the rest of the head itself. */
  readonly attributes?: number;
  readonly baseOffset?: number;
  readonly producerId?: bigint;
  /** Offsets from `baseOffset` on, where they leave holes; only a log that was compacted looks like this. */
  readonly offsetDeltas?: readonly number[];
  readonly lastOffsetDelta?: number;
}

/** Bytes of one record beside its key and value, at most, when it has no headers. */
const recordOverhead = 30;

/** About what a record takes in a batch. */
export function sizeOfRecord({ key, value, headers }: OutgoingRecord): number {
  let size = recordOverhead + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, content] of headers) size += 10 + name.length * 3 + (content?.length ?? 0);
  return size;
}

/** Encodes records as one record batch of magic 2, checksum included. */
export function encodeRecordBatch(records: readonly OutgoingRecord[], options: BatchOptions = {}): Buffer {
  const { codec = 'none', baseOffset = 0, attributes = 0 } = options;
  const firstTimestamp = records[0]?.timestamp ?? 0;
  const body = encodeRecords(records, firstTimestamp, options.offsetDeltas);
  const packed = codec === 'none' ? body : pack(codec, body);
  const batch = Buffer.allocUnsafe(batchHeadSize + packed.length);
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(codecBits(codec) | attributes, 21);
  batch.writeInt32BE(options.lastOffsetDelta ?? options.offsetDeltas?.at(-1) ?? records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(firstTimestamp), 27);
  batch.writeBigInt64BE(
    BigInt(records.reduce((latest, { timestamp }) => Math.max(latest, timestamp), firstTimestamp)),
    35,
  );
  batch.writeBigInt64BE(options.producerId ?? -1n, 43);
  batch.writeInt16BE(options.producerId === undefined ? -1 : 0, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(records.length, 57);
  batch.set(packed, batchHeadSize);
  batch.writeUInt32BE(checksums().crc32c(batch.subarray(21)) >>> 0, 17);
  return batch;
}

function encodeRecords(
  records: readonly OutgoingRecord[],
  firstTimestamp: number,
  offsetDeltas: readonly number[] | undefined,
): Buffer {
  const writer = new VarintWriter(records.reduce((size, record) => size + sizeOfRecord(record), 0));
  records.forEach((record, index) => {
    const { key, value, headers, timestamp } = record;
    const timeDelta = timestamp - firstTimestamp;
    const delta = offsetDeltas?.[index] ?? index;
    const names = headers.map(([name, content]) => [Buffer.from(name), content] as const);
    let size =
      1 + varintSize(timeDelta) + varintSize(delta) + blobSize(key) + blobSize(value) + varintSize(headers.length);
    for (const [name, content] of names) size += blobSize(name) + blobSize(content);
    writer.varint(size).byte(0).varint(timeDelta).varint(delta).blob(key).blob(value).varint(headers.length);
    for (const [name, content] of names) writer.blob(name).blob(content);
  });
  return writer.bytes;
}

function blobSize(value: Uint8Array | null): number {
  return value === null ? 1 : varintSize(value.length) + value.length;
}

/** Signed numbers are folded (0, -1, 1, -2 ...) so that small ones of either sign are short. */
function folded(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = folded(value); rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

class VarintWriter {
  #buffer: Buffer;
  #size = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(64, capacity));
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  byte(value: number): this {
    this.#room(1);
    this.#buffer[this.#size++] = value;
    return this;
  }

  varint(value: number): this {
    this.#room(10);
    let rest = folded(value);
    while (rest > 127) {
      this.#buffer[this.#size++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#size++] = rest;
    return this;
  }

  blob(value: Uint8Array | null): this {
    if (value === null) return this.varint(-1);
    this.varint(value.length).#room(value.length);
    this.#buffer.set(value, this.#size);
    this.#size += value.length;
    return this;
  }

  #room(bytes: number): void {
    if (this.#size + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#size + bytes));
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
