/** The 128 bits of a hash as four words of 32 bits, signed: the first half, then the second, the low word of each first. */
export type Hash128 = Int32Array;

/** The pair of words that the functions below leave behind: no BigInt and no array is made where every value of a column comes by. */
let low = 0;
let high = 0;

function multiply(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const a0 = aLow & 0xffff;
  const a1 = aLow >>> 16;
  const b0 = bLow & 0xffff;
  const b1 = bLow >>> 16;
  const below = a0 * b0;
  const across = a0 * b1;
  const middle = (below >>> 16) + (across & 0xffff) + a1 * b0;
  const above = a1 * b1 + (across >>> 16) + (middle >>> 16);
  low = (middle << 16) | (below & 0xffff);
  high = (above + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) | 0;
}

function add(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const sum = (aLow >>> 0) + (bLow >>> 0);
  low = sum | 0;
  high = (aHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
}

/** By 1 to 31 bits. */
function rotate(aLow: number, aHigh: number, bits: number): void {
  low = (aLow << bits) | (aHigh >>> (32 - bits));
  high = (aHigh << bits) | (aLow >>> (32 - bits));
}

const [c1Low, c1High] = [0x114253d5, 0x87c37b91];
const [c2Low, c2High] = [0x2745937f, 0x4cf5ad43];

function mixFirst(kLow: number, kHigh: number): void {
  multiply(kLow, kHigh, c1Low, c1High);
  rotate(low, high, 31);
  multiply(low, high, c2Low, c2High);
}

function mixSecond(kLow: number, kHigh: number): void {
  multiply(kLow, kHigh, c2Low, c2High);
  // 33 bits: the words change places, and one bit more.
  rotate(high, low, 1);
  multiply(low, high, c1Low, c1High);
}

function finish(hLow: number, hHigh: number): void {
  multiply(hLow ^ (hHigh >>> 1), hHigh, 0xed558ccd, 0xff51afd7);
  multiply(low ^ (high >>> 1), high, 0x1a85ec53, 0xc4ceb9fe);
  low ^= high >>> 1;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** MurmurHash3 (x64, 128 bits) of bytes, as Apache DataSketches uses it. Written into `into`. */
export function murmur3x64(bytes: Uint8Array, seed: number, into: Hash128): void {
  let h1Low = seed;
  let h1High = 0;
  let h2Low = seed;
  let h2High = 0;
  const { length } = bytes;
  const whole = length & ~15;
  for (let at = 0; at < whole; at += 16) {
    mixFirst(word(bytes, at), word(bytes, at + 4));
    rotate(h1Low ^ low, h1High ^ high, 27);
    add(low, high, h2Low, h2High);
    multiply(low, high, 5, 0);
    add(low, high, 0x52dce729, 0);
    h1Low = low;
    h1High = high;
    mixSecond(word(bytes, at + 8), word(bytes, at + 12));
    rotate(h2Low ^ low, h2High ^ high, 31);
    add(low, high, h1Low, h1High);
    multiply(low, high, 5, 0);
    add(low, high, 0x38495ab5, 0);
    h2Low = low;
    h2High = high;
  }
  // Behind the last byte everything is 0, and 0 mixes to 0.
  mixFirst(word(bytes, whole), word(bytes, whole + 4));
  h1Low ^= low ^ length;
  h1High ^= high;
  mixSecond(word(bytes, whole + 8), word(bytes, whole + 12));
  h2Low ^= low ^ length;
  h2High ^= high;
  add(h1Low, h1High, h2Low, h2High);
  h1Low = low;
  h1High = high;
  add(h2Low, h2High, low, high);
  h2Low = low;
  h2High = high;
  finish(h1Low, h1High);
  h1Low = low;
  h1High = high;
  finish(h2Low, h2High);
  h2Low = low;
  h2High = high;
  add(h1Low, h1High, h2Low, h2High);
  into[0] = low;
  into[1] = high;
  add(h2Low, h2High, low, high);
  into[2] = low;
  into[3] = high;
}
