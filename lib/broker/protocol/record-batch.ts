import { crc32c } from '@node-rs/crc32';
import { readInt64, writeInt64 } from './encoder.ts';

/** Bytes of a version 2 batch before its first record. */
export const batchHeaderBytes = 61;
/** Base offset and length: what precedes the part that the length counts. */
export const batchPrefixBytes = 12;

const crcAt = 17;
const checkedFrom = 21;
const compressionMask = 7;
const logAppendTimeFlag = 8;
const transactionalFlag = 16;
const controlFlag = 32;

/** The fields of a record batch that a log cares about; the records themselves stay opaque bytes. */
export interface BatchHeader {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly lastOffsetDelta: number;
  readonly compression: number;
  readonly isLogAppendTime: boolean;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** The size that the batch at `at` claims, prefix included; may lie beyond the bytes that are there. */
export function batchSize(bytes: Buffer, at = 0): number {
  return batchPrefixBytes + bytes.readInt32BE(at + 8);
}

/** The message format; only 2 has the layout read here. */
export function batchMagic(bytes: Buffer, at = 0): number {
  return bytes.readInt8(at + 16);
}

/** Reads the header of the batch at `at`; at least `batchHeaderBytes` must be there. */
export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  const attributes = bytes.readInt16BE(at + 21);
  return {
    baseOffset: readInt64(bytes, at),
    sizeBytes: batchSize(bytes, at),
    lastOffsetDelta: bytes.readInt32BE(at + 23),
    compression: attributes & compressionMask,
    isLogAppendTime: (attributes & logAppendTimeFlag) !== 0,
    isTransactional: (attributes & transactionalFlag) !== 0,
    isControl: (attributes & controlFlag) !== 0,
    baseTimestamp: readInt64(bytes, at + 27),
    maxTimestamp: readInt64(bytes, at + 35),
    producerId: readInt64(bytes, at + 43),
    producerEpoch: bytes.readInt16BE(at + 51),
    baseSequence: bytes.readInt32BE(at + 53),
    recordCount: bytes.readInt32BE(at + 57),
  };
}

/** Whether the checksum over everything from the attributes on is right. `batch` is exactly one batch. */
export function hasValidChecksum(batch: Buffer): boolean {
  return crc32c(batch.subarray(checkedFrom)) === batch.readUInt32BE(crcAt);
}

/** Gives a batch its place in the log. Both fields lie before what the checksum covers. */
export function placeBatch(batch: Buffer, baseOffset: number): void {
  writeInt64(batch, baseOffset, 0);
  batch.writeInt32BE(0, batchPrefixBytes);
}

/** Stamps the batch with the time of the broker and renews the checksum. */
export function stampLogAppendTime(batch: Buffer, timeMs: number): void {
  batch.writeInt16BE(batch.readInt16BE(21) | logAppendTimeFlag, 21);
  writeInt64(batch, timeMs, 35);
  batch.writeUInt32BE(crc32c(batch.subarray(checkedFrom)), crcAt);
}

export type TransactionOutcome = 'commit' | 'abort';

/** The control batch that ends a producer's transaction in one partition; it takes one offset. */
export function transactionMarker(
  producerId: number,
  producerEpoch: number,
  outcome: TransactionOutcome,
  timeMs: number,
): Buffer {
  // Attributes, time delta, offset delta; key: version 0 and type; value: version 0 and coordinator epoch 0; no headers.
  const body = [0, 0, 0, 8, 0, 0, 0, outcome === 'commit' ? 1 : 0, 12, 0, 0, 0, 0, 0, 0, 0];
  const batch = Buffer.alloc(batchHeaderBytes + 1 + body.length);
  batch.writeInt32BE(batch.length - batchPrefixBytes, 8);
  batch[16] = 2;
  batch.writeInt16BE(transactionalFlag | controlFlag, 21);
  writeInt64(batch, timeMs, 27);
  writeInt64(batch, timeMs, 35);
  writeInt64(batch, producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(1, 57);
  batch[batchHeaderBytes] = body.length * 2;
  batch.set(body, batchHeaderBytes + 1);
  batch.writeUInt32BE(crc32c(batch.subarray(checkedFrom)), crcAt);
  return batch;
}

/** What a control batch says; a type that is neither is treated as no end of a transaction. */
export function markerOutcome(batch: Buffer): TransactionOutcome | undefined {
  const type = batch.length >= batchHeaderBytes + 9 ? batch.readInt16BE(batchHeaderBytes + 7) : -1;
  if (type === 1) return 'commit';
  return type === 0 ? 'abort' : undefined;
}
