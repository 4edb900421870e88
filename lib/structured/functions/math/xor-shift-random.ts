import { murmur3Bytes } from '../hashes/murmur3.ts';
import { constantOf } from '../signatures.ts';
import type { BindSite } from '../define-function.ts';

/** Spark's XORShiftRandom: the same seed gives the same numbers as Spark gives in the same partition. */
export class XorShiftRandom {
  private seed: bigint;
  private nextGaussian: number | undefined;

  constructor(seed: bigint) {
    this.seed = hashSeed(seed);
  }

  private next(bits: number): number {
    let next = this.seed ^ BigInt.asUintN(64, this.seed << 21n);
    next ^= next >> 35n;
    next ^= BigInt.asUintN(64, next << 4n);
    this.seed = BigInt.asUintN(64, next);
    return Number(BigInt.asIntN(32, this.seed & ((1n << BigInt(bits)) - 1n)));
  }

  /** Any of the 2^32 whole numbers of 32 bits. */
  nextInt(): number {
    return this.next(32);
  }

  /** [0, 1), as java.util.Random makes it of two draws. */
  nextDouble(): number {
    const high = BigInt(this.next(26)) << 27n;
    return Number(high + BigInt(this.next(27))) * 2 ** -53;
  }

  nextNormal(): number {
    if (this.nextGaussian !== undefined) {
      const value = this.nextGaussian;
      this.nextGaussian = undefined;
      return value;
    }
    for (;;) {
      const a = 2 * this.nextDouble() - 1;
      const b = 2 * this.nextDouble() - 1;
      const square = a * a + b * b;
      if (square < 1 && square !== 0) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.nextGaussian = b * factor;
        return a * factor;
      }
    }
  }
}

function hashSeed(seed: bigint): bigint {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, seed));
  const low = murmur3Bytes(bytes, 0x3c074a61);
  const high = murmur3Bytes(bytes, low);
  return BigInt.asUintN(64, (BigInt(high) << 32n) | (BigInt(low) & 0xffffffffn));
}

/** The numbers of a call with its seed at an argument. Without a seed each query draws its own. */
export function randomOf(name: string, { args, context }: BindSite, index: number): XorShiftRandom {
  const given = args.length <= index ? undefined : constantOf(name, args, index);
  const seed =
    given === undefined ? BigInt(Math.floor(Math.random() * 2 ** 52)) : BigInt((given as number | null) ?? 0);
  return new XorShiftRandom(seed + BigInt(context.partitionId));
}
