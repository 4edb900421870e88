const seed = 0x9747b28c;
const factor = 0x5bd1e995;
const shift = 24;

/** The hash of a key that Java's producer chooses partitions by: the same key goes to the same partition whoever writes it. */
export function murmur2(key: Uint8Array): number {
  const { length } = key;
  let hash = seed ^ length;
  const words = length >> 2;
  for (let word = 0; word < words; word++) {
    const at = word << 2;
    let k = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24);
    k = Math.imul(k, factor);
    k ^= k >>> shift;
    hash = Math.imul(hash, factor) ^ Math.imul(k, factor);
  }
  const rest = words << 2;
  const left = length & 3;
  if (left === 3) hash ^= (key[rest + 2] ?? 0) << 16;
  if (left >= 2) hash ^= (key[rest + 1] ?? 0) << 8;
  if (left >= 1) hash = Math.imul(hash ^ (key[rest] ?? 0), factor);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, factor);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, as Java's producer chooses it. */
export function partitionOfKey(key: Uint8Array, count: number): number {
  return (murmur2(key) & 0x7fff_ffff) % count;
}
