import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf } from '../signatures.ts';
import { murmur3Bytes } from '../hashes/murmur3.ts';

const define = scalarsOf('math');

/** Spark's XORShiftRandom: the same seed gives the same numbers as Spark gives in the same partition. */
class XorShiftRandom {
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

/** Without a seed each query draws its own. */
function generator(name: string, { args, context }: BindSite): XorShiftRandom {
  const given = args.length === 0 ? undefined : constantOf(name, args, 0);
  const seed =
    given === undefined ? BigInt(Math.floor(Math.random() * 2 ** 52)) : BigInt((given as number | null) ?? 0);
  return new XorShiftRandom(seed + BigInt(context.partitionId));
}

export const randomFunctions: readonly FunctionDefinition[] = [
  define(
    'rand',
    ['bigint?'],
    'double',
    {
      summary: 'A random number from 0 (inclusive) to 1 (exclusive).',
      usage: 'rand([seed])',
      examples: [['rand(0) < 1', 'true']],
      aliases: ['random'],
    },
    {
      bind(site) {
        const random = generator('rand', site);
        return () => random.nextDouble();
      },
    },
    { deterministic: false, nullable: false, seesNulls: true },
  ),
  define(
    'randn',
    ['bigint?'],
    'double',
    {
      summary: 'A random number of the standard normal distribution.',
      usage: 'randn([seed])',
      examples: [['randn(0) IS NOT NULL', 'true']],
    },
    {
      bind(site) {
        const random = generator('randn', site);
        return () => random.nextNormal();
      },
    },
    { deterministic: false, nullable: false, seesNulls: true },
  ),
];
