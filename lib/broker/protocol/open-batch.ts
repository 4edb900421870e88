import * as zlib from 'node:zlib';
import { batchHeaderBytes } from './record-batch.ts';

/** More than this is not unpacked for a look-up: a small batch can claim gigabytes. */
const maxOpenedBytes = 67_108_864;

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const gzip = 1;
const zstd = 4;

/** By the codec in a batch's attributes; Node has zstd from 22.15 on. */
const unpackers: Readonly<Record<number, Unpack | undefined>> = {
  [gzip]: zlib.gunzipSync,
  [zstd]: (zlib as unknown as Record<string, unknown>)['zstdDecompressSync'] as Unpack | undefined,
};

/**
 * A compressed batch with its records unpacked behind the header, for `walkRecords`. Undefined where Node itself does not have the codec
 * (snappy, lz4) or the bytes are not what they say.
 */
export function openBatch(batch: Buffer, compression: number): Buffer | undefined {
  const unpack = unpackers[compression];
  if (unpack === undefined) return undefined;
  try {
    const records = unpack(batch.subarray(batchHeaderBytes), { maxOutputLength: maxOpenedBytes });
    return Buffer.concat([batch.subarray(0, batchHeaderBytes), records]);
  } catch {
    return undefined;
  }
}
