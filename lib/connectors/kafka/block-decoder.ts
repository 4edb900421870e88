import { type ErrorWhere, raise } from '../../kernel/errors.ts';
import { AbortedRecords, type AbortedTransaction } from './aborted-records.ts';
import { unpack } from './compression.ts';
import { decodeMessages } from './message-set.ts';
import { BlockBuilder, type PackedBlock } from './packed-block.ts';
import type { TopicPartition } from './partition-key.ts';
import {
  batchHeadSize,
  type BatchHead,
  decodeRecords,
  entryAt,
  type LogEntry,
  readBatchHead,
  recordCount,
} from './record-batch.ts';

/** A stretch of a partition's log as a broker answered it; the last entry may be cut off. */
export interface LogStretch extends TopicPartition {
  /** The answer. It lies at the start of a buffer of its own, which the decoder hands on. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly aborted: readonly AbortedTransaction[];
}

export interface DecodeLimits {
  readonly readCommitted: boolean;
  readonly maxRecordBytes: number;
  /** What one compressed batch may unpack to. */
  readonly maxBatchBytes: number;
  /** Unpacked batches are gathered into blocks of about this size. */
  readonly blockBytes: number;
  /** Memory for columns, of any content and at least so large. */
  readonly columns?: (sizeBytes: number) => ArrayBuffer;
}

/** The position after the last complete entry: known without decoding, so that the next fetch can be sent first. */
export function nextPosition({ bytes, start, end }: LogStretch): number | undefined {
  let next: number | undefined;
  let at = start;
  for (;;) {
    const entry = entryAt(bytes, at, end);
    if (entry === undefined) return next;
    next = entry.nextOffset;
    at = entry.end;
  }
}

/**
 * Turns a stretch of the log into packed blocks that cover `[from, nextPosition)` without a hole, lazily: compressed batches are
 * unpacked one after the other as the blocks are taken, so a small answer cannot fill the memory at once.
 *
 * Control batches and records of rolled-back transactions only move the position.
 */
export function* decodeBlocks(log: LogStretch, from: number, limits: DecodeLimits): Generator<PackedBlock> {
  const where: ErrorWhere = { topic: log.topic, partition: log.partition };
  const entries = completeEntries(log);
  if (entries.every(({ magic, start }) => magic >= 2 && (log.bytes.readInt16BE(start + 21) & 7) === 0)) {
    yield* decodeInPlace(log, entries, from, limits, where);
  } else {
    yield* decodeUnpacked(log, entries, from, limits, where);
  }
}

function completeEntries({ bytes, start, end }: LogStretch): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let entry = entryAt(bytes, start, end); entry !== undefined; entry = entryAt(bytes, entry.end, end)) {
    entries.push(entry);
  }
  return entries;
}

/** Nothing is compressed: the columns point into the answer itself. */
function* decodeInPlace(
  log: LogStretch,
  entries: readonly LogEntry[],
  from: number,
  limits: DecodeLimits,
  where: ErrorWhere,
): Generator<PackedBlock> {
  const last = entries.at(-1);
  if (last === undefined) return;
  const aborted = new AbortedRecords(log.aborted);
  const builder = new BlockBuilder(log.bytes, mostRecords(log.bytes, entries), limits.columns);
  // Checked and decoded batch by batch, while its bytes are in the processor's cache.
  for (const entry of entries) {
    const head = readBatchHead(log.bytes, entry, where);
    if (isSkipped(head, aborted, limits) || head.lastOffset < from) continue;
    const start = head.start + batchHeadSize;
    checkCount(head, head.end - start, where);
    decodeRecords(builder, head, {
      start,
      end: head.end,
      fromOffset: from,
      maxRecordBytes: limits.maxRecordBytes,
      where,
    });
  }
  yield builder.build(log, from, Math.max(from, last.nextOffset));
}

/** Something is compressed or in an old format: records are gathered in arenas. */
function* decodeUnpacked(
  log: LogStretch,
  entries: readonly LogEntry[],
  from: number,
  limits: DecodeLimits,
  where: ErrorWhere,
): Generator<PackedBlock> {
  const aborted = new AbortedRecords(log.aborted);
  let covered = from;
  let next = from;
  let arena: Arena | undefined;
  for (const entry of entries) {
    const area = entry.magic >= 2 ? readBatch(log.bytes, entry, from, limits, aborted, where) : undefined;
    if (entry.magic >= 2 && area === undefined) {
      next = Math.max(next, entry.nextOffset);
      continue;
    }
    const rows = area ?? decodeMessages(log.bytes, entry, { fromOffset: from, limits, where });
    if (arena === undefined || !arena.fits(rows, entry.magic)) {
      if (arena !== undefined && arena.builder.count > 0) {
        yield arena.builder.build(log, covered, next);
        covered = next;
      }
      arena = new Arena(
        Math.max(limits.blockBytes, rows.sizeBytes),
        Math.max(rows.count, limits.blockBytes >> 6),
        entry.magic,
        limits.columns,
      );
    }
    arena.add(rows);
    next = Math.max(next, entry.nextOffset);
  }
  if (next === covered) return;
  arena ??= new Arena(0, 0, 2);
  yield arena.builder.build(log, covered, next);
}

/** The unpacked records of one entry, ready to be copied into an arena and decoded there. */
export interface UnpackedRows {
  readonly sizeBytes: number;
  readonly count: number;
  /** Copies the bytes to `start` and appends the columns. */
  appendTo(builder: BlockBuilder, start: number): void;
}

function readBatch(
  bytes: Buffer,
  entry: LogEntry,
  from: number,
  limits: DecodeLimits,
  aborted: AbortedRecords,
  where: ErrorWhere,
): UnpackedRows | undefined {
  const head = readBatchHead(bytes, entry, where);
  if (isSkipped(head, aborted, limits) || head.lastOffset < from) return undefined;
  const stored = bytes.subarray(head.start + batchHeadSize, head.end);
  const records =
    head.codec === 'none'
      ? stored
      : unpack(head.codec, stored, limits.maxBatchBytes, { ...where, offset: head.baseOffset });
  checkCount(head, records.length, where);
  return {
    sizeBytes: records.length,
    count: head.count,
    appendTo: (builder, start) => {
      builder.bytes.set(records, start);
      const end = start + records.length;
      decodeRecords(builder, head, { start, end, fromOffset: from, maxRecordBytes: limits.maxRecordBytes, where });
    },
  };
}

/** Bytes that several unpacked batches share. Formats are kept apart: only today's has headers behind its values. */
class Arena {
  readonly builder: BlockBuilder;
  readonly #magic: number;
  #used = 0;

  constructor(sizeBytes: number, capacity: number, magic: number, columns?: DecodeLimits['columns']) {
    this.builder = new BlockBuilder(Buffer.allocUnsafeSlow(sizeBytes), capacity, columns);
    this.#magic = magic;
  }

  fits({ sizeBytes, count }: UnpackedRows, magic: number): boolean {
    const { bytes, count: used, capacity } = this.builder;
    return magic === this.#magic && this.#used + sizeBytes <= bytes.length && used + count <= capacity;
  }

  add(rows: UnpackedRows): void {
    rows.appendTo(this.builder, this.#used);
    this.#used += rows.sizeBytes;
  }
}

function isSkipped(head: BatchHead, aborted: AbortedRecords, { readCommitted }: DecodeLimits): boolean {
  const isAborted = aborted.includes(head);
  return head.isControl || (readCommitted && isAborted);
}

/** The smallest record takes seven bytes: a larger count is damage, and would take memory for its columns. */
const smallestRecordBytes = 7;

/** What the batches may hold by their counts, which nobody has checked yet. */
function mostRecords(bytes: Buffer, entries: readonly LogEntry[]): number {
  let most = 0;
  for (const { start, end } of entries) {
    const room = Math.floor((end - start - batchHeadSize) / smallestRecordBytes);
    most += Math.max(0, Math.min(recordCount(bytes, start), room));
  }
  return most;
}

function checkCount(head: BatchHead, sizeBytes: number, where: ErrorWhere): void {
  if (head.count < 0 || head.count * smallestRecordBytes > sizeBytes) {
    const reason = `it claims ${head.count} records in ${sizeBytes} bytes`;
    raise('KAFKA_CORRUPT_BATCH', { reason }, { where: { ...where, offset: head.baseOffset } });
  }
}
