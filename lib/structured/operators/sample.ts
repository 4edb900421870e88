import { XorShiftRandom } from '../functions/math/xor-shift-random.ts';

/**
 * Decides for each row whether it belongs to the sample: those whose number is from `from` up to (without) `until`. The numbers are those
 * that Spark draws in its first partition, so that one seed gives the rows that it gives Spark for data in one partition.
 */
export function sampler(from: number, until: number, seed: number): () => boolean {
  const random = new XorShiftRandom(BigInt(Math.trunc(seed)));
  return () => {
    const number = random.nextDouble();
    return number >= from && number < until;
  };
}
