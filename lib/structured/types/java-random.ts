import type { Long } from './data-type.ts';
import { toLong } from './long.ts';

const multiplier = 0x5deece66dn;
const mask = (1n << 48n) - 1n;

/** The generator of `java.util.Random`: the same numbers for the same seed. `state` is what it goes on from. */
export class JavaRandom {
  #state: bigint;

  constructor(seed: Long) {
    this.#state = (BigInt(seed) ^ multiplier) & mask;
  }

  get state(): Long {
    return toLong(this.#state);
  }

  set state(state: Long) {
    this.#state = BigInt(state);
  }

  #next(bits: number): number {
    this.#state = (this.#state * multiplier + 0xbn) & mask;
    return Number(BigInt.asIntN(32, this.#state >> BigInt(48 - bits)));
  }

  /** From 0 up to (without) `bound`. */
  nextInt(bound: number): number {
    let bits = this.#next(31);
    if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(bits)) >> 31n);
    let value = bits % bound;
    while (bits - value + (bound - 1) > 2_147_483_647) {
      bits = this.#next(31);
      value = bits % bound;
    }
    return value;
  }

  nextDouble(): number {
    const high = this.#next(26);
    return (high * 2 ** 27 + this.#next(27)) / 2 ** 53;
  }
}
