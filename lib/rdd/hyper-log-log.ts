import { CodecWriter } from '../kernel/codec-writer.ts';

/**
 * Counts distinct values without keeping them: 2^precision counters of one byte, each with the longest run of zeros among the hashes that
 * fell to it. The relative error is about 1.04 / sqrt(2^precision). Values are equal as keys are.
 */
export class HyperLogLog {
  readonly #precision: number;
  readonly #longest: Uint8Array;
  readonly #writer = new CodecWriter();

  constructor(precision: number) {
    this.#precision = precision;
    this.#longest = new Uint8Array(2 ** precision);
  }

  add(value: unknown): void {
    const start = this.#writer.length;
    try {
      this.#writer.key(value);
      const { bytes, length } = this.#writer;
      const place = hashOf(bytes, start, length, 0x9747b28c) >>> (32 - this.#precision);
      const run = Math.clz32(hashOf(bytes, start, length, 0x3c6ef372)) + 1;
      if (run > (this.#longest[place] as number)) this.#longest[place] = run;
    } finally {
      this.#writer.length = start;
    }
  }

  estimate(): number {
    const count = this.#longest.length;
    let sum = 0;
    let zeros = 0;
    for (const run of this.#longest) {
      sum += 2 ** -run;
      if (run === 0) zeros += 1;
    }
    const raw = (biasOf(count) * count * count) / sum;
    // While many counters are empty, how many says more than what stands in the others.
    return Math.round(raw <= 2.5 * count && zeros > 0 ? count * Math.log(count / zeros) : raw);
  }
}

function biasOf(count: number): number {
  if (count === 16) return 0.673;
  if (count === 32) return 0.697;
  return count === 64 ? 0.709 : 0.7213 / (1 + 1.079 / count);
}

/** Murmur3 with 32 bits over `[from, until)`. */
function hashOf(bytes: Uint8Array, from: number, until: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < until; at += 4) {
    let word = 0;
    for (let i = at; i < at + 4 && i < until; i++) word |= (bytes[i] as number) << (8 * (i - at));
    word = Math.imul(word, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= until - from;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
