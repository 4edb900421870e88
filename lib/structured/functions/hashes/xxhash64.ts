const mask = (1n << 64n) - 1n;
const p1 = 0x9e3779b185ebca87n;
const p2 = 0xc2b2ae3d27d4eb4fn;
const p3 = 0x165667b19e3779f9n;
const p4 = 0x85ebca77c2b2ae63n;
const p5 = 0x27d4eb2f165667c5n;

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & mask;
}

function finish(value: bigint): bigint {
  let hash = value & mask;
  hash = ((hash ^ (hash >> 33n)) * p2) & mask;
  hash = ((hash ^ (hash >> 29n)) * p3) & mask;
  return hash ^ (hash >> 32n);
}

/** xxHash64 of an int, as Spark hashes one. Unsigned. */
export function xxHash64Int(value: number, seed: bigint): bigint {
  let hash = (seed + p5 + 4n) & mask;
  hash ^= ((BigInt(value) & 0xffffffffn) * p1) & mask;
  hash = (rotate(hash, 23n) * p2 + p3) & mask;
  return finish(hash);
}

/** xxHash64 of a long. Unsigned. */
export function xxHash64Long(value: bigint, seed: bigint): bigint {
  let hash = (seed + p5 + 8n) & mask;
  hash ^= (rotate((BigInt.asUintN(64, value) * p2) & mask, 31n) * p1) & mask;
  hash = (rotate(hash, 27n) * p1 + p4) & mask;
  return finish(hash);
}

function round(accumulator: bigint, input: bigint): bigint {
  return (rotate((accumulator + input * p2) & mask, 31n) * p1) & mask;
}

/** xxHash64 of bytes. Unsigned. */
export function xxHash64Bytes(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    let [v1, v2, v3, v4] = [(seed + p1 + p2) & mask, (seed + p2) & mask, seed & mask, (seed - p1) & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      v1 = round(v1, view.getBigUint64(at, true));
      v2 = round(v2, view.getBigUint64(at + 8, true));
      v3 = round(v3, view.getBigUint64(at + 16, true));
      v4 = round(v4, view.getBigUint64(at + 24, true));
    }
    hash = (rotate(v1, 1n) + rotate(v2, 7n) + rotate(v3, 12n) + rotate(v4, 18n)) & mask;
    for (const v of [v1, v2, v3, v4]) hash = ((hash ^ round(0n, v)) * p1 + p4) & mask;
  } else hash = (seed + p5) & mask;
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = (rotate(hash, 27n) * p1 + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash ^= (BigInt(view.getUint32(at, true)) * p1) & mask;
    hash = (rotate(hash, 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) {
    hash ^= (BigInt(bytes[at] as number) * p5) & mask;
    hash = (rotate(hash, 11n) * p1) & mask;
  }
  return finish(hash);
}
