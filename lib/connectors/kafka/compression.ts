import * as zlib from 'node:zlib';
import { type ErrorWhere, failure, messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import { lz4, snappy } from './packages.ts';

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** The codec in the lowest three bits of a batch's attributes. */
export function codecOf(attributes: number): Codec | undefined {
  return codecs[attributes & 7];
}

/** The bits of a codec in a batch's attributes. */
export function codecBits(codec: Codec): number {
  return codecs.indexOf(codec);
}

type Unpack = (bytes: Buffer, limitBytes: number) => Uint8Array;

/** Node has zstd from 22.15 on. */
const zstd = (zlib as unknown as Record<string, unknown>)['zstdDecompressSync'] as
  | ((bytes: Buffer, options: { maxOutputLength: number }) => Buffer)
  | undefined;

const unpackers: Readonly<Record<Exclude<Codec, 'none'>, Unpack | undefined>> = {
  gzip: (bytes, limitBytes) => zlib.gunzipSync(bytes, { maxOutputLength: limitBytes }),
  snappy: unpackSnappy,
  lz4: unpackLz4,
  zstd: zstd === undefined ? undefined : (bytes, limitBytes) => zstd(bytes, { maxOutputLength: limitBytes }),
};

/**
 * Unpacks the records of one batch. What would take more than `limitBytes` is refused before the memory is taken: a few kilobytes
 * can claim gigabytes.
 */
export function unpack(
  codec: Exclude<Codec, 'none'>,
  bytes: Buffer,
  limitBytes: number,
  where: ErrorWhere,
): Uint8Array {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) return raise('KAFKA_CODEC', { codec, version: process.version }, { where });
  try {
    return unpacker(bytes, limitBytes);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    if (error instanceof TooLarge || codeOf(error) === 'ERR_BUFFER_TOO_LARGE') {
      throw failure('KAFKA_BATCH_TOO_LARGE', { codec, limitBytes }, { where, cause: error });
    }
    throw failure('KAFKA_CORRUPT_BATCH', { reason: `${codec}: ${messageOf(error)}` }, { where, cause: error });
  }
}

/** Codecs that can be written. */
export type PackCodec = 'gzip' | 'snappy' | 'lz4';

const packers: Readonly<Record<PackCodec, (bytes: Buffer) => Uint8Array>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  snappy: (bytes) => snappy().compress(bytes),
  lz4: (bytes) => lz4().compressFrameSync(bytes),
};

/** Packs the records of one batch. */
export function pack(codec: Exclude<Codec, 'none'>, bytes: Buffer): Uint8Array {
  return codec === 'zstd' ? raise('KAFKA_CODEC', { codec, version: process.version }) : packers[codec](bytes);
}

/** Says that the limit is exceeded; `unpack` turns it into the coded error that names codec and place. */
class TooLarge extends Error {}

/** Damage that a format's own header shows. */
class Damaged extends Error {}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadSize = 16;

/** Raw snappy, or the frames of Java's snappy streams: a head of 16 bytes, then blocks with their size. */
function unpackSnappy(bytes: Buffer, limitBytes: number): Uint8Array {
  if (bytes.length < xerialHeadSize || bytes.compare(xerialMagic, 0, 8, 0, 8) !== 0)
    return unpackRaw(bytes, limitBytes);
  const parts: Uint8Array[] = [];
  let left = limitBytes;
  for (let at = xerialHeadSize; at < bytes.length;) {
    const size = bytes.readInt32BE(at);
    if (size <= 0 || at + 4 + size > bytes.length) throw new Damaged('a block reaches past the end');
    const part = unpackRaw(bytes.subarray(at + 4, at + 4 + size), left);
    left -= part.length;
    parts.push(part);
    at += 4 + size;
  }
  return Buffer.concat(parts);
}

function unpackRaw(bytes: Buffer, limitBytes: number): Uint8Array {
  if (snappySize(bytes) > limitBytes) throw new TooLarge();
  return snappy().uncompress(bytes);
}

/** The size that a raw snappy block claims: a varint at its start. */
function snappySize(bytes: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i] ?? 0;
    size += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return size;
  }
  throw new Damaged('its length cannot be read');
}

function unpackLz4(bytes: Buffer, limitBytes: number): Uint8Array {
  if (lz4Bound(bytes) > limitBytes) throw new TooLarge();
  return lz4().decompressFrameSync(bytes);
}

const lz4Magic = 0x184d2204;
/** No LZ4 block unpacks to more than this many times its size. */
const lz4Ratio = 255;

/** An upper bound of what an LZ4 frame unpacks to, from the heads of its blocks. */
function lz4Bound(bytes: Buffer): number {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== lz4Magic) throw new Damaged('not an LZ4 frame');
  const flags = bytes.readUInt8(4);
  const blockMax = 2 ** (8 + 2 * ((bytes.readUInt8(5) >> 4) & 7));
  const hasBlockChecksum = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  let bound = 0;
  while (at + 4 <= bytes.length) {
    const head = bytes.readUInt32LE(at);
    if (head === 0) return bound;
    const size = head & 0x7fff_ffff;
    bound += (head & 0x8000_0000) === 0 ? Math.min(blockMax, size * lz4Ratio) : size;
    at += 4 + size + (hasBlockChecksum ? 4 : 0);
  }
  throw new Damaged('it has no end mark');
}
