import { isAscii } from 'node:buffer';
import { type ErrorWhere, raise } from '../../kernel/errors.ts';
import { BatchWalker } from './batch-walker.ts';
import { type Codec, codecOf } from './compression.ts';
import { checksums } from './packages.ts';
import type { BlockBuilder } from './packed-block.ts';
import { int64At } from './wire.ts';

/** Bytes of a batch before its records (magic 2). */
export const batchHeadSize = 61;
/** Offset and length, which every format begins with. */
const entryHeadSize = 12;

const magicAt = 16;
const crcAt = 17;
const attributesAt = 21;

const compressionBits = 0x07;
const logAppendTimeBit = 0x08;
const transactionalBit = 0x10;
const controlBit = 0x20;

/** The head of a record batch of magic 2. */
export interface BatchHead {
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly count: number;
  readonly codec: Codec;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly isAbortMarker: boolean;
  readonly producerId: bigint;
  readonly baseTimestamp: number;
  /** Set when the broker gave the time: it is that of all records. */
  readonly appendTimestamp: number | undefined;
}

/** A complete entry of the log: its extent, its magic, and the offset after it. */
export interface LogEntry {
  readonly start: number;
  readonly end: number;
  readonly magic: number;
  readonly nextOffset: number;
}

/** The entry at `start`, undefined when it is cut off: a broker fills an answer up to its limit, not to the end of a batch. */
export function entryAt(bytes: Buffer, start: number, limit: number): LogEntry | undefined {
  if (start + magicAt + 1 > limit) return undefined;
  const end = start + entryHeadSize + bytes.readInt32BE(start + 8);
  if (end > limit) return undefined;
  const magic = bytes.readInt8(start + magicAt);
  const offset = int64At(bytes, start);
  if (end <= start + magicAt || (magic >= 2 && end < start + batchHeadSize)) {
    return raise('KAFKA_CORRUPT_BATCH', { reason: `its length is ${end - start} bytes` }, { where: { offset } });
  }
  return { start, end, magic, nextOffset: offset + (magic >= 2 ? bytes.readInt32BE(start + 23) : 0) + 1 };
}

/** Reads and checks the head of a batch: checksum, codec, counts. */
export function readBatchHead(bytes: Buffer, { start, end }: LogEntry, where: ErrorWhere): BatchHead {
  const baseOffset = int64At(bytes, start);
  const at: ErrorWhere = { ...where, offset: baseOffset };
  const stored = bytes.readUInt32BE(start + crcAt);
  const computed = checksums().crc32c(bytes.subarray(start + attributesAt, end)) >>> 0;
  if (stored !== computed) raise('KAFKA_CORRUPT_BATCH', { reason: 'its checksum does not match' }, { where: at });
  const attributes = bytes.readInt16BE(start + attributesAt);
  const codec = codecOf(attributes);
  if (codec === undefined) {
    return raise('KAFKA_CORRUPT_BATCH', { reason: `codec ${attributes & compressionBits} is unknown` }, { where: at });
  }
  const isControl = (attributes & controlBit) !== 0;
  return {
    start,
    end,
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(start + 23),
    count: recordCount(bytes, start),
    codec,
    isTransactional: (attributes & transactionalBit) !== 0,
    isControl,
    isAbortMarker: isControl && controlType(bytes, start + batchHeadSize) === 0,
    producerId: bytes.readBigInt64BE(start + 43),
    baseTimestamp: int64At(bytes, start + 27),
    appendTimestamp: (attributes & logAppendTimeBit) === 0 ? undefined : int64At(bytes, start + 35),
  };
}

/** How many records a batch claims to hold. */
export function recordCount(bytes: Buffer, start: number): number {
  return bytes.readInt32BE(start + 57);
}

/** A control record's key is (version, type): type 0 rolls back, 1 commits. Its own head is four single bytes and the key length. */
function controlType(bytes: Buffer, record: number): number {
  let at = record;
  for (let field = 0; field < 5; field++) {
    if (field === 1) at += 1;
    else while (((bytes[at++] ?? 0) & 128) !== 0);
  }
  return bytes.readInt16BE(at + 2);
}

/** Where the records of a batch lie in the builder's bytes, after unpacking. */
export interface RecordArea {
  readonly start: number;
  readonly end: number;
  /** Records below this offset were read before: a batch may begin ahead of the position that was asked for. */
  readonly fromOffset: number;
  readonly maxRecordBytes: number;
  readonly where: ErrorWhere;
}

/** A place among the records of a batch: where a record begins, and how many come before it. */
export interface RecordPlace {
  readonly position: number;
  readonly index: number;
}

let walker: BatchWalker | undefined;
let isWalkerMade = false;

/**
 * Appends the records of one batch as columns. No object, text or BigInt is made for a record.
 *
 * The bytes can be decoded only once: marks in the numbers between them are cleared, see `decodeEach`.
 */
export function decodeRecords(builder: BlockBuilder, head: BatchHead, area: RecordArea): void {
  if (!isWalkerMade) walker = BatchWalker.create();
  isWalkerMade = true;
  const first = { position: area.start, index: 0 };
  decodeEach(builder, head, area, walker?.walk(builder, head, area) ?? first);
}

/**
 * The same in JavaScript, from a record on: where there is no WebAssembly, for few records, and for all that is out of the ordinary.
 *
 * The checksum was right, so damage is rare; still every length is checked against the end of its record before it is used.
 *
 * Of a number in several bytes the marks of continuation are cleared, so that what is left above 127 belongs to keys, values and headers.
 * One vectorised look at a whole batch then says whether its texts are ASCII, 2 ns a record of 100 bytes where looking at each text
 * took 40 (scripts/bench, W1).
 */
export function decodeEach(builder: BlockBuilder, head: BatchHead, area: RecordArea, from: RecordPlace): void {
  const { bytes, keyStart, keySize, valueStart, valueSize, timestamps } = builder;
  const { baseOffset, baseTimestamp, appendTimestamp, count } = head;
  const { end, fromOffset, maxRecordBytes } = area;
  let n = builder.count;
  let headers = builder.hasHeaders;
  let expected = n === 0 ? -1 : lastOffsetOf(builder) + 1;
  let p = from.position;
  for (let i = from.index; i < count; i++) {
    let b = bytes[p++] as number;
    let length = b & 127;
    for (let shift = 7; b & 128; shift += 7) {
      bytes[p - 1] = b & 127;
      b = bytes[p++] as number;
      length |= (b & 127) << shift;
    }
    length = (length >>> 1) ^ -(length & 1);
    const recordEnd = p + length;
    if (length < 0 || recordEnd > end) damaged(area, baseOffset + i, 'a record reaches past its batch');
    if (length > maxRecordBytes) tooLarge(area, baseOffset + i, length);
    p++;

    b = bytes[p++] as number;
    let time = b & 127;
    for (let scale = 128; b & 128; scale *= 128) {
      bytes[p - 1] = b & 127;
      b = bytes[p++] as number;
      time += (b & 127) * scale;
    }
    b = bytes[p++] as number;
    let delta = b & 127;
    for (let shift = 7; b & 128; shift += 7) {
      bytes[p - 1] = b & 127;
      b = bytes[p++] as number;
      delta |= (b & 127) << shift;
    }
    const offset = baseOffset + ((delta >>> 1) ^ -(delta & 1));

    b = bytes[p++] as number;
    let size = b & 127;
    for (let shift = 7; b & 128; shift += 7) {
      bytes[p - 1] = b & 127;
      b = bytes[p++] as number;
      size |= (b & 127) << shift;
    }
    const keyLength = (size >>> 1) ^ -(size & 1);
    const key = p;
    if (keyLength > 0) p += keyLength;
    if (p >= recordEnd) damaged(area, offset, 'a key reaches past its record');

    b = bytes[p++] as number;
    size = b & 127;
    for (let shift = 7; b & 128; shift += 7) {
      bytes[p - 1] = b & 127;
      b = bytes[p++] as number;
      size |= (b & 127) << shift;
    }
    const valueLength = (size >>> 1) ^ -(size & 1);
    const value = p;
    if (valueLength > 0) p += valueLength;
    if (p >= recordEnd) damaged(area, offset, 'a value reaches past its record');

    if (offset >= fromOffset) {
      if (offset !== expected) {
        if (n === 0) builder.firstOffset = offset;
        else {
          builder.count = n;
          builder.keepOffsets();
        }
      }
      if (builder.offsets !== undefined) builder.offsets[n] = offset;
      expected = offset + 1;
      keyStart[n] = key;
      keySize[n] = keyLength;
      valueStart[n] = value;
      valueSize[n] = valueLength;
      timestamps[n] = appendTimestamp ?? baseTimestamp + (time % 2 === 0 ? time / 2 : -(time + 1) / 2);
      if (bytes[p] !== 0) headers = true;
      n++;
    }
    p = recordEnd;
  }
  builder.count = n;
  builder.isAscii &&= allAscii(bytes, from.position, end);
  builder.hasHeaders = headers;
}

function lastOffsetOf({ count, offsets, firstOffset }: BlockBuilder): number {
  return offsets === undefined ? firstOffset + count - 1 : (offsets[count - 1] ?? -1);
}

/** Up to here a loop is faster than the call into Node, which takes about 60 ns. */
const fewBytes = 64;

/** No byte above 127. */
export function allAscii(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > fewBytes) return isAscii(bytes.subarray(start, end));
  let seen = 0;
  for (let i = start; i < end; i++) seen |= bytes[i] as number;
  return seen < 128;
}

function damaged({ where }: RecordArea, offset: number, reason: string): never {
  raise('KAFKA_CORRUPT_BATCH', { reason }, { where: { ...where, offset } });
}

function tooLarge({ where, maxRecordBytes }: RecordArea, offset: number, sizeBytes: number): never {
  raise('KAFKA_RECORD_TOO_LARGE', { sizeBytes, limitBytes: maxRecordBytes }, { where: { ...where, offset } });
}
