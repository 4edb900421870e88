/** Murmur3 (x86, 32 bits) with Spark's treatment of what is left behind whole words, and the standard one. All results are signed. */

function mixK1(k1: number): number {
  const mixed = Math.imul(k1, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function mixH1(h1: number, k1: number): number {
  const mixed = h1 ^ k1;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h1: number, length: number): number {
  let hash = h1 ^ length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

export function murmur3Int(value: number, seed: number): number {
  return finish(mixH1(seed, mixK1(value)), 4);
}

export function murmur3Long(value: bigint, seed: number): number {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return finish(mixH1(mixH1(seed, mixK1(low)), mixK1(high)), 8);
}

function words(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const aligned = bytes.length & ~3;
  let h1 = seed;
  for (let i = 0; i < aligned; i += 4) h1 = mixH1(h1, mixK1(view.getInt32(i, true)));
  return h1;
}

/** Spark's `hash` of text and bytes: each byte behind the last word counts as a word of its own, signed. */
export function murmur3Unsafe(bytes: Uint8Array, seed: number): number {
  let h1 = words(bytes, seed);
  for (let i = bytes.length & ~3; i < bytes.length; i++) h1 = mixH1(h1, mixK1(((bytes[i] as number) << 24) >> 24));
  return finish(h1, bytes.length);
}

/** The standard function, as Scala's MurmurHash3.bytesHash. */
export function murmur3Bytes(bytes: Uint8Array, seed: number): number {
  let h1 = words(bytes, seed);
  const rest = bytes.length & 3;
  const at = bytes.length & ~3;
  let k1 = 0;
  if (rest >= 3) k1 ^= (bytes[at + 2] as number) << 16;
  if (rest >= 2) k1 ^= (bytes[at + 1] as number) << 8;
  if (rest >= 1) {
    k1 ^= bytes[at] as number;
    h1 ^= mixK1(k1);
  }
  return finish(h1, bytes.length);
}
