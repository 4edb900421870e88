import type { Key } from './keys.ts';

const sealBytes = 4;

/** The value as it is stored: a checksum over its key and its bytes, then the bytes. A value under a wrong key does not match. */
export function seal(key: Key, value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(sealBytes + value.length);
  sealed.set(value, sealBytes);
  sealed.writeUInt32LE(checksum(key, sealed, sealBytes), 0);
  return sealed;
}

/** The bytes of a stored value, or undefined when they are not what was stored. */
export function unseal(key: Key, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < sealBytes) return undefined;
  const stored = (sealed[0] as number) + (sealed[1] as number) * 0x100 + (sealed[2] as number) * 0x1_0000;
  const isSound = stored + (sealed[3] as number) * 0x100_0000 === checksum(key, sealed, sealBytes);
  return isSound ? sealed.subarray(sealBytes) : undefined;
}

/** MurmurHash3 (32 bit), begun with that of the key. */
function checksum(key: Key, bytes: Uint8Array, from: number): number {
  return murmur3(bytes, from, murmur3(key, 0, 0x6d696c6c));
}

function murmur3(bytes: Uint8Array, from: number, seed: number): number {
  const whole = from + ((bytes.length - from) & ~3);
  let hash = seed | 0;
  for (let at = from; at < whole; at += 4) {
    // Rows are short: making a view of each would cost more than putting four bytes together.
    const read =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    let word = Math.imul(read, 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at--) tail = (tail << 8) | (bytes[at] as number);
  tail = Math.imul(tail, 0xcc9e2d51);
  hash ^= Math.imul((tail << 15) | (tail >>> 17), 0x1b873593);
  hash ^= bytes.length - from;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
