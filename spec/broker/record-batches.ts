import { crc32c } from '@node-rs/crc32';
import { batchHeaderBytes, batchPrefixBytes } from '../../lib/broker/protocol/record-batch.ts';
import { writeInt64 } from '../../lib/broker/protocol/encoder.ts';

export interface BatchSpec {
  /** Values of the records; their keys are 'k'. */
  readonly values?: readonly string[];
  readonly baseTimestamp?: number;
  /** Per record, relative to the first; 0 where left out. */
  readonly timestampDeltas?: readonly number[];
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly sequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly compression?: number;
  readonly hasKeys?: boolean;
  /** Something to break before the checksum is made. */
  readonly spoil?: (batch: Buffer) => void;
}

/** A record batch as a producer sends it, with base offset 0. */
export function recordBatch(spec: BatchSpec = {}): Buffer {
  const { values = ['v'], baseTimestamp = 1000, timestampDeltas = [], producerId = -1 } = spec;
  const key = spec.hasKeys === false ? undefined : 'k';
  const records = Buffer.concat(values.map((value, i) => record(i, timestampDeltas[i] ?? 0, key, value)));
  const batch = Buffer.alloc(batchHeaderBytes + records.length);
  const flags = (spec.isTransactional ? 16 : 0) | (spec.isControl ? 32 : 0) | (spec.compression ?? 0);
  batch.writeInt32BE(batch.length - batchPrefixBytes, 8);
  batch[16] = 2;
  batch.writeInt16BE(flags, 21);
  batch.writeInt32BE(values.length - 1, 23);
  writeInt64(batch, baseTimestamp, 27);
  writeInt64(batch, baseTimestamp + Math.max(0, ...timestampDeltas), 35);
  writeInt64(batch, producerId, 43);
  batch.writeInt16BE(spec.producerEpoch ?? (producerId < 0 ? -1 : 0), 51);
  batch.writeInt32BE(spec.sequence ?? (producerId < 0 ? -1 : 0), 53);
  batch.writeInt32BE(values.length, 57);
  records.copy(batch, batchHeaderBytes);
  spec.spoil?.(batch);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

function record(offsetDelta: number, timestampDelta: number, key: string | undefined, value: string): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(offsetDelta),
    key === undefined ? varint(-1) : Buffer.concat([varint(key.length), Buffer.from(key)]),
    varint(Buffer.byteLength(value)),
    Buffer.from(value),
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function varint(value: number): Buffer {
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  const bytes: number[] = [];
  while (left > 127) {
    bytes.push((left & 127) | 128);
    left = Math.floor(left / 128);
  }
  return Buffer.from([...bytes, left]);
}
