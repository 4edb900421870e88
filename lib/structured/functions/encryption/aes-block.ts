/** AES on single blocks of 16 bytes (FIPS 197), without the machine's own: the engines run where there is no Node. */

const sbox = new Uint8Array(256);
const inverse = new Uint8Array(256);
fillBoxes();

function fillBoxes(): void {
  let p = 1;
  let q = 1;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 255;
    q ^= q << 1;
    q ^= q << 2;
    q = (q ^ (q << 4)) & 255;
    if (q & 0x80) q ^= 0x09;
    const rotated = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4);
    sbox[p] = rotated ^ 0x63;
  } while (p !== 1);
  sbox[0] = 0x63;
  for (let i = 0; i < 256; i++) inverse[sbox[i] as number] = i;
}

function rotate(value: number, by: number): number {
  return ((value << by) | (value >> (8 - by))) & 255;
}

function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x1b : 0)) & 255;
}

function times(value: number, factor: number): number {
  let product = 0;
  for (let power = value, rest = factor; rest > 0; rest >>= 1, power = double(power)) if (rest & 1) product ^= power;
  return product;
}

/** A key of 16, 24 or 32 bytes, made ready. */
export class AesKey {
  readonly #rounds: number;
  readonly #words: Uint8Array;

  constructor(key: Uint8Array) {
    const length = key.length / 4;
    this.#rounds = length + 6;
    const words = new Uint8Array(16 * (this.#rounds + 1));
    words.set(key);
    let constant = 1;
    for (let i = length; i < words.length / 4; i++) {
      let word = words.slice(4 * i - 4, 4 * i);
      if (i % length === 0) {
        word = Uint8Array.of(...[1, 2, 3, 0].map((at) => sbox[word[at] as number] as number));
        word[0] = (word[0] as number) ^ constant;
        constant = double(constant);
      } else if (length > 6 && i % length === 4) word = word.map((byte) => sbox[byte] as number);
      for (let j = 0; j < 4; j++) words[4 * i + j] = (words[4 * (i - length) + j] as number) ^ (word[j] as number);
    }
    this.#words = words;
  }

  encrypt(block: Uint8Array): Uint8Array {
    let state = this.#withKey(block, 0);
    for (let round = 1; round <= this.#rounds; round++) {
      const shifted = state.map((_, i) => sbox[state[(i + 4 * (i % 4)) % 16] as number] as number);
      state = this.#withKey(round === this.#rounds ? shifted : mixed(shifted, [2, 3, 1, 1]), round);
    }
    return state;
  }

  decrypt(block: Uint8Array): Uint8Array {
    let state = this.#withKey(block, this.#rounds);
    for (let round = this.#rounds - 1; round >= 0; round--) {
      const shifted = state.map((_, i) => inverse[state[(i + 16 - 4 * (i % 4)) % 16] as number] as number);
      const keyed = this.#withKey(shifted, round);
      state = round === 0 ? keyed : mixed(keyed, [14, 11, 13, 9]);
    }
    return state;
  }

  #withKey(state: Uint8Array, round: number): Uint8Array {
    return state.map((byte, i) => byte ^ (this.#words[16 * round + i] as number));
  }
}

function mixed(state: Uint8Array, factors: readonly [number, number, number, number]): Uint8Array {
  return state.map((_, i) => {
    const column = i & ~3;
    return factors.reduce((sum, factor, j) => sum ^ times(state[column + ((i + j) % 4)] as number, factor), 0);
  });
}
