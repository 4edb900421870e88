import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  type BatchHeader,
  batchHeaderBytes,
  batchMagic,
  batchSize,
  hasValidChecksum,
  readBatchHeader,
} from '../protocol/record-batch.ts';

const chunkBytes = 4_194_304;

/** Sees one batch of a file while it is scanned; the bytes are only valid during the call. */
export type BatchVisitor = (batch: Buffer, header: BatchHeader) => void;

export interface ScanResult {
  /** The bytes of all whole, valid batches from the beginning of the file. */
  readonly validBytes: number;
  readonly fileBytes: number;
}

/**
 * Reads a segment file from its beginning and shows each batch whose checksum and place are right; ends at the first that is not.
 *
 * What lies behind is the torn end of an append that its process did not survive.
 */
export function scanBatches(path: string, firstOffset: number, visit: BatchVisitor): ScanResult {
  const descriptor = openSync(path, 'r');
  try {
    const fileBytes = fstatSync(descriptor).size;
    let validBytes = 0;
    let nextOffset = firstOffset;
    let chunk: Buffer = Buffer.alloc(0);
    let at = 0;
    for (;;) {
      const size = sizeAt(chunk, at);
      if (size === undefined || at + size > chunk.length) {
        const wanted = Math.max(size ?? 0, batchHeaderBytes);
        if (wanted < batchHeaderBytes || validBytes + wanted > fileBytes) break;
        chunk = readAt(descriptor, validBytes, Math.min(Math.max(wanted, chunkBytes), fileBytes - validBytes));
        at = 0;
        if (chunk.length < wanted) break;
        continue;
      }
      const batch = chunk.subarray(at, at + size);
      if (size < batchHeaderBytes || batchMagic(batch) !== 2 || !hasValidChecksum(batch)) break;
      const header = readBatchHeader(batch);
      if (header.baseOffset < nextOffset || header.lastOffsetDelta < 0) break;
      visit(batch, header);
      nextOffset = header.baseOffset + header.lastOffsetDelta + 1;
      at += size;
      validBytes += size;
    }
    return { validBytes, fileBytes };
  } finally {
    closeSync(descriptor);
  }
}

/** What the batch at `at` claims; undefined when its header is not wholly in the chunk. */
function sizeAt(chunk: Buffer, at: number): number | undefined {
  return chunk.length - at < batchHeaderBytes ? undefined : batchSize(chunk, at);
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}
