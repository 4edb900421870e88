/**
 * Decides for each row whether it belongs to the sample: with the same seed the same rows of the same input. The generator is
 * mulberry32; Spark's samples differ.
 */
export function sampler(fraction: number, seed: number): () => boolean {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296 < fraction;
  };
}
