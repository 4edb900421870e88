import { type ErrorWhere, raise } from '../../kernel/errors.ts';
import type { DecodeLimits, UnpackedRows } from './block-decoder.ts';
import { codecOf, unpack } from './compression.ts';
import { checksums } from './packages.ts';
import type { BlockBuilder } from './packed-block.ts';
import { allAscii, entryAt, type LogEntry } from './record-batch.ts';
import { int64At } from './wire.ts';

interface Context {
  readonly fromOffset: number;
  readonly limits: DecodeLimits;
  readonly where: ErrorWhere;
}

interface Message {
  readonly offset: number;
  readonly timestamp: number;
  readonly attributes: number;
  readonly keyAt: number;
  readonly keySize: number;
  readonly valueAt: number;
  readonly valueSize: number;
}

const crcAt = 12;
const fieldsAt = 16;

/**
 * Decodes an entry of the formats before Kafka 0.11 (magic 0 and 1), where every message is an entry and a compressed one holds
 * others. Such logs live on in old clusters; Kafka 4 converts no longer.
 */
export function decodeMessages(bytes: Buffer, entry: LogEntry, context: Context): UnpackedRows {
  const { limits, where } = context;
  const outer = readMessage(bytes, entry, where);
  const codec = codecOf(outer.attributes);
  if (codec === undefined) {
    return raise(
      'KAFKA_CORRUPT_BATCH',
      { reason: 'its codec is unknown' },
      { where: { ...where, offset: outer.offset } },
    );
  }
  if (codec === 'none') return rowsOf(bytes.subarray(entry.start, entry.end), [shifted(outer, entry.start)], context);
  const packed = bytes.subarray(outer.valueAt, outer.valueAt + outer.valueSize);
  const unpacked = unpack(codec, packed, limits.maxBatchBytes, { ...where, offset: outer.offset });
  const inner = Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  const messages: Message[] = [];
  for (let at = entryAt(inner, 0, inner.length); at !== undefined; at = entryAt(inner, at.end, inner.length)) {
    messages.push(readMessage(inner, at, where));
  }
  // From magic 1 on inner offsets count from 0 and the outer one is that of the last message.
  const shift = entry.magic === 0 ? 0 : outer.offset - (messages.at(-1)?.offset ?? 0);
  const appendTime = (outer.attributes & 8) === 0 ? undefined : outer.timestamp;
  const placed = messages.map((message) =>
    Object.assign(message, { offset: message.offset + shift, timestamp: appendTime ?? message.timestamp }),
  );
  return rowsOf(inner, placed, context);
}

function readMessage(bytes: Buffer, { start, end, magic }: LogEntry, where: ErrorWhere): Message {
  const offset = int64At(bytes, start);
  const at: ErrorWhere = { ...where, offset };
  const damaged = (reason: string): never => raise('KAFKA_CORRUPT_BATCH', { reason }, { where: at });
  if (bytes.readUInt32BE(start + crcAt) !== checksums().crc32(bytes.subarray(start + fieldsAt, end)) >>> 0) {
    damaged('its checksum does not match');
  }
  const attributes = bytes.readInt8(start + fieldsAt + 1);
  const keyHead = start + fieldsAt + (magic === 0 ? 2 : 10);
  if (keyHead + 8 > end) damaged('it is too short');
  const keySize = bytes.readInt32BE(keyHead);
  const valueHead = keyHead + 4 + Math.max(0, keySize);
  if (valueHead + 4 > end) damaged('a key reaches past its message');
  const valueSize = bytes.readInt32BE(valueHead);
  if (valueHead + 4 + Math.max(0, valueSize) > end) damaged('a value reaches past its message');
  return {
    offset,
    timestamp: magic === 0 ? -1 : int64At(bytes, start + fieldsAt + 2),
    attributes,
    keyAt: keyHead + 4,
    keySize,
    valueAt: valueHead + 4,
    valueSize,
  };
}

function shifted(message: Message, by: number): Message {
  return { ...message, keyAt: message.keyAt - by, valueAt: message.valueAt - by };
}

function rowsOf(bytes: Buffer, messages: readonly Message[], { fromOffset, limits, where }: Context): UnpackedRows {
  const wanted = messages.filter(({ offset }) => offset >= fromOffset);
  for (const { offset, keySize, valueSize } of wanted) {
    const sizeBytes = Math.max(0, keySize) + Math.max(0, valueSize);
    if (sizeBytes > limits.maxRecordBytes) {
      raise(
        'KAFKA_RECORD_TOO_LARGE',
        { sizeBytes, limitBytes: limits.maxRecordBytes },
        { where: { ...where, offset } },
      );
    }
  }
  return {
    sizeBytes: bytes.length,
    count: wanted.length,
    appendTo: (builder, start) => {
      builder.bytes.set(bytes, start);
      for (const message of wanted) append(builder, message, start);
    },
  };
}

function append(builder: BlockBuilder, message: Message, start: number): void {
  const n = builder.count;
  if (n === 0) builder.firstOffset = message.offset;
  else builder.keepOffsets();
  if (builder.offsets !== undefined) builder.offsets[n] = message.offset;
  builder.keyStart[n] = message.keyAt + start;
  builder.keySize[n] = message.keySize;
  builder.valueStart[n] = message.valueAt + start;
  builder.valueSize[n] = message.valueSize;
  builder.timestamps[n] = message.timestamp;
  const asciiPart = (at: number, size: number): boolean =>
    size <= 0 || allAscii(builder.bytes, at + start, at + start + size);
  builder.isAscii &&= asciiPart(message.keyAt, message.keySize) && asciiPart(message.valueAt, message.valueSize);
  builder.count = n + 1;
}
