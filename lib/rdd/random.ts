/** Numbers from 0 up to, and not including, 1; the same for the same seed, on every platform. Not for secrets. */
export function seededRandom(seed: number): () => number {
  // mulberry32: 32 bits of state, passes the usual statistical tests, and fast.
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of one partition: neighbours must not run in step. */
export function partitionSeed(seed: number, partition: number): number {
  return Math.imul(seed ^ Math.floor(seed / 4_294_967_296), 0x9e3779b1) ^ Math.imul(partition + 1, 0x85ebca6b);
}
