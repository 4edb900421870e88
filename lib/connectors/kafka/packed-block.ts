import type { TopicPartition } from './partition-key.ts';

/**
 * Records of one partition as columns over bytes: what the reading thread hands over. Both buffers are transferred, not copied.
 *
 * Positions point into `bytes`; a length of -1 is null. The headers of a record begin behind its value.
 */
export interface PackedBlock extends TopicPartition {
  /** Offsets `[from, next)` are covered. Fewer records than that are normal: markers, aborted records and compaction leave holes. */
  readonly from: number;
  readonly next: number;
  readonly count: number;
  readonly bytes: Buffer;
  readonly keyStart: Int32Array;
  readonly keySize: Int32Array;
  readonly valueStart: Int32Array;
  readonly valueSize: Int32Array;
  readonly timestamps: Float64Array;
  /** Absent when offsets follow each other without holes from `firstOffset`. */
  readonly offsets: Float64Array | undefined;
  readonly firstOffset: number;
  /** All keys and values are ASCII: texts may be cut from one text of the bytes. */
  readonly isAscii: boolean;
  readonly hasHeaders: boolean;
}

const bytesPerRecord = 4 * Int32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT;

/** Memory of a block: its bytes with all of their buffer, and its columns. */
export function sizeOfBlock(block: PackedBlock): number {
  return block.bytes.buffer.byteLength + block.timestamps.buffer.byteLength + (block.offsets?.byteLength ?? 0);
}

/** The buffers to transfer with a block. */
export function buffersOf(block: PackedBlock): ArrayBuffer[] {
  const buffers = [block.bytes.buffer, block.timestamps.buffer] as ArrayBuffer[];
  if (block.offsets !== undefined) buffers.push(block.offsets.buffer as ArrayBuffer);
  return buffers;
}

/**
 * Restores what a transfer loses: a Buffer arrives as a plain Uint8Array.
 */
export function received(block: PackedBlock): PackedBlock {
  const { buffer, byteOffset, byteLength } = block.bytes;
  return { ...block, bytes: Buffer.from(buffer, byteOffset, byteLength) };
}

/** Fills the columns of one block; all five live in one buffer, the capacity is fixed. */
export class BlockBuilder {
  readonly bytes: Buffer;
  readonly capacity: number;
  readonly keyStart: Int32Array;
  readonly keySize: Int32Array;
  readonly valueStart: Int32Array;
  readonly valueSize: Int32Array;
  readonly timestamps: Float64Array;
  offsets: Float64Array | undefined;
  firstOffset = -1;
  count = 0;
  isAscii = true;
  hasHeaders = false;

  constructor(bytes: Buffer, capacity: number, columnMemory = (sizeBytes: number) => new ArrayBuffer(sizeBytes)) {
    this.bytes = bytes;
    this.capacity = capacity;
    const columns = columnMemory(capacity * bytesPerRecord);
    const column = (index: number): Int32Array => new Int32Array(columns, capacity * (8 + 4 * index), capacity);
    this.timestamps = new Float64Array(columns, 0, capacity);
    this.keyStart = column(0);
    this.keySize = column(1);
    this.valueStart = column(2);
    this.valueSize = column(3);
  }

  /** Called for the record at index `count` when its offset is not the one after its predecessor. */
  keepOffsets(): Float64Array {
    if (this.offsets === undefined) {
      this.offsets = new Float64Array(this.capacity);
      for (let i = 0; i < this.count; i++) this.offsets[i] = this.firstOffset + i;
    }
    return this.offsets;
  }

  /** Called for records from index `count` on: their offsets, counted from a base, and whether they leave holes. */
  appendOffsets(base: number, deltas: Int32Array, haveHoles: boolean): void {
    const { count } = this;
    const first = base + (deltas[0] as number);
    if (count === 0) this.firstOffset = first;
    if (this.offsets === undefined && !haveHoles && first === this.firstOffset + count) return;
    const offsets = this.keepOffsets();
    for (let i = 0; i < deltas.length; i++) offsets[count + i] = base + (deltas[i] as number);
  }

  build({ topic, partition }: TopicPartition, from: number, next: number): PackedBlock {
    const { count, bytes, keyStart, keySize, valueStart, valueSize, timestamps, offsets, isAscii, hasHeaders } = this;
    const firstOffset = this.firstOffset;
    return {
      topic,
      partition,
      from,
      next,
      count,
      bytes,
      keyStart,
      keySize,
      valueStart,
      valueSize,
      timestamps,
      offsets,
      firstOffset,
      isAscii,
      hasHeaders,
    };
  }
}
