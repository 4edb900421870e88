import { BitReader, BitWriter } from './bits.ts';
import { emptySketch, type Hashes, noBound, type ThetaSketch, thetaSketch, wordsOf } from './hashes.ts';
import { seedHash } from './seed-hash.ts';

const family = 3;
const Flag = { readOnly: 2, empty: 4, compact: 8, ordered: 16, single: 32 } as const;
const usualFlags = Flag.readOnly | Flag.compact | Flag.ordered;

/**
 * A theta sketch in the compact forms of Apache DataSketches. Two hashes or more are written in version 4: the distances between them, each
 * in as many bits as the greatest takes.
 *
 * | byte | version 3 | version 4 |
 * |---|---|---|
 * | 0 | longs before the hashes: 1 (empty, or one hash), 2, 3 (with a bound) | 1, or 2 with a bound |
 * | 1, 2 | 3, family 3 | 4, family 3 |
 * | 3, 4 | 0, 0 | bits of a distance; bytes of the count |
 * | 5, 6 | flags; which seed hashes have (short) | the same |
 * | 8 | count (int), 1 (float); the bound (long); the hashes | the bound; the count; the distances |
 */
export function writeTheta(sketch: ThetaSketch): Uint8Array {
  const { isEmpty, theta, hashes } = sketch;
  if (isEmpty) return Uint8Array.of(1, 3, family, 0, 0, usualFlags | Flag.empty, 0, 0);
  if (hashes.length === 0) return writeBound(theta);
  return hashes.length === 1 && theta === noBound ? writeSingle(hashes) : writeDistances(sketch);
}

function writeBound(theta: bigint): Uint8Array {
  const { bytes, view } = room(24, [3, 3, family, 0, 0, usualFlags, ...seedHash]);
  view.setFloat32(12, 1, true);
  view.setBigUint64(16, theta, true);
  return bytes;
}

function writeSingle(hashes: Hashes): Uint8Array {
  const { bytes, view } = room(16, [1, 3, family, 0, 0, usualFlags | Flag.single, ...seedHash]);
  view.setBigUint64(8, hashes[0] as bigint, true);
  return bytes;
}

function writeDistances({ theta, hashes }: ThetaSketch): Uint8Array {
  const distances = hashes.map((hash, i) => (i === 0 ? hash : hash - (hashes[i - 1] as bigint)));
  const words = wordsOf(distances);
  let [low, high] = [0, 0];
  for (let i = 0; i < words.length; i += 2) {
    low |= words[i] as number;
    high |= words[i + 1] as number;
  }
  const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
  const countBytes = Math.ceil((32 - Math.clz32(hashes.length)) / 8);
  const longs = theta === noBound ? 1 : 2;
  const start = 8 * longs + countBytes;
  const length = start + Math.ceil((bits * hashes.length) / 8);
  const { bytes, view } = room(length, [longs, 4, family, bits, countBytes, usualFlags, ...seedHash]);
  if (longs === 2) view.setBigUint64(8, theta, true);
  for (let i = 0; i < countBytes; i++) bytes[8 * longs + i] = hashes.length >>> (8 * i);
  const writer = new BitWriter(bytes, start);
  for (let i = 0; i < words.length; i += 2) writer.put(words[i] as number, words[i + 1] as number, bits);
  return bytes;
}

function room(length: number, head: readonly number[]): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(length);
  bytes.set(head);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** A sketch that was read; hashes of another seed say nothing about ours. */
export type ThetaSource = ThetaSketch & { readonly hasOurSeed: boolean };

/** Any compact theta sketch of Apache DataSketches. `undefined` for other bytes. */
export function readTheta(bytes: Uint8Array): ThetaSource | undefined {
  if (bytes.length < 8 || bytes[2] !== family) return undefined;
  const sketch = readOf(bytes, bytes[1] as number);
  const hasOurSeed = bytes[1] === 1 || (bytes[6] === seedHash[0] && bytes[7] === seedHash[1]);
  return sketch === undefined ? undefined : { ...sketch, hasOurSeed };
}

function readOf(bytes: Uint8Array, version: number): ThetaSketch | undefined {
  if (version === 4) return readDistances(bytes);
  const longs = (bytes[0] as number) & 0x3f;
  if (version === 1) return longs === 3 ? readHashes(bytes, longs) : undefined;
  if (version === 2) return longs <= 3 ? readHashes(bytes, longs) : undefined;
  if (version !== 3) return undefined;
  const flags = bytes[5] as number;
  if ((flags & Flag.empty) !== 0) {
    return bytes[0] === 1 && (flags & ~(Flag.empty | Flag.ordered)) === (Flag.readOnly | Flag.compact)
      ? emptySketch
      : undefined;
  }
  const isSingle = (longs === 1 && (flags & 0x1f) === usualFlags) || (flags & Flag.single) !== 0;
  if (isSingle) return bytes.length < 16 ? undefined : thetaSketch(noBound, hashesAt(bytes, 8, 1));
  const isCompact = (flags & Flag.compact) !== 0 && (flags & Flag.readOnly) !== 0;
  return isCompact ? readHashes(bytes, longs) : undefined;
}

function readHashes(bytes: Uint8Array, longs: number): ThetaSketch | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 8 * longs) return undefined;
  const count = longs > 1 ? view.getInt32(8, true) : 0;
  const theta = longs > 2 ? view.getBigInt64(16, true) : noBound;
  if (count < 0 || theta <= 0n || bytes.length < 8 * (longs + count)) return undefined;
  return thetaSketch(theta, hashesAt(bytes, 8 * longs, count));
}

/** Copied, for numbers of 64 bits have to be aligned; and sorted, for sketches of others need not be. */
function hashesAt(bytes: Uint8Array, start: number, count: number): Hashes {
  return new BigUint64Array(new Uint8Array(bytes.subarray(start, start + 8 * count)).buffer).toSorted();
}

function readDistances(bytes: Uint8Array): ThetaSketch | undefined {
  const longs = ((bytes[0] as number) & 0x3f) > 1 ? 2 : 1;
  const [bits, countBytes] = [bytes[3] as number, bytes[4] as number];
  const start = 8 * longs + countBytes;
  if (bits > 63 || countBytes > 4 || bytes.length < start) return undefined;
  let count = 0;
  for (let i = 0; i < countBytes; i++) count |= (bytes[8 * longs + i] as number) << (8 * i);
  const theta = longs === 2 ? viewOf(bytes).getBigInt64(8, true) : noBound;
  if (count < 0 || (count > 0 && bits === 0) || theta <= 0n) return undefined;
  if (bytes.length < start + Math.ceil((bits * count) / 8)) return undefined;
  const hashes = new BigUint64Array(count);
  const words = wordsOf(hashes);
  const reader = new BitReader(bytes, start);
  for (let i = 0; i < count; i++) {
    reader.read(bits);
    words[2 * i] = reader.low;
    words[2 * i + 1] = reader.high;
    hashes[i] = (hashes[i] as bigint) + (i === 0 ? 0n : (hashes[i - 1] as bigint));
  }
  return thetaSketch(theta, hashes);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
