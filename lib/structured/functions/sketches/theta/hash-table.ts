import { type Hashes, noBound, type ThetaSketch, thetaSketch, wordsOf } from './hashes.ts';
import { seedHash } from './seed-hash.ts';

/**
 * The hashes that a theta sketch keeps while it is filled, in the updatable form of Apache DataSketches: a hash table of 64 bits a place,
 * 0 where there is none. As soon as it holds far more than `2 ** lgNominal` hashes it drops the greatest of them, and takes only such as
 * are below that bound from then on. What is kept in the end does not depend on the order in which hashes come.
 *
 * | byte | |
 * |---|---|
 * | 0, 1, 2 | 3 longs before the table, version 3, family 2 |
 * | 3, 4 | log of the nominal entries; log of the places |
 * | 5, 6 | flags: 4 while it is empty; which seed hashes have (short) |
 * | 8, 12, 16 | how many hashes (int); 1 (float); the bound (long) |
 * | 24 | the places |
 */
export class ThetaTable {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static empty(lgNominal: number): ThetaTable {
    const table = ThetaTable.#of(lgNominal, leastLgPlaces, noBound);
    table.bytes[5] = emptyFlag;
    return table;
  }

  static #of(lgNominal: number, lgPlaces: number, theta: bigint): ThetaTable {
    const table = new ThetaTable(new Uint8Array(start + (8 << lgPlaces)));
    table.bytes.set([3, 3, 2, lgNominal, lgPlaces, 0, ...seedHash]);
    table.#view.setFloat32(12, 1, true);
    table.#view.setBigUint64(16, theta, true);
    return table;
  }

  /** Adds a hash in place, or gives the new table that it takes. */
  add(low: number, high: number): ThetaTable {
    const view = this.#view;
    this.bytes[5] = 0;
    const bound = view.getInt32(20, true);
    const isBelow = high < bound || (high === bound && low >>> 0 < view.getUint32(16, true));
    if (!isBelow || (low | high) === 0 || !this.#put(low, high)) return this;
    const count = this.#count + 1;
    this.#count = count;
    if (this.#lgPlaces > this.#lgNominal) return count > (15 << this.#lgPlaces) / 16 ? this.#cut() : this;
    return 2 * count > 1 << this.#lgPlaces ? this.#grown() : this;
  }

  /** Takes what another sketch holds: the lesser bound of both is that of the union. */
  unite(sketch: ThetaSketch): ThetaTable {
    if (sketch.isEmpty) return this;
    this.bytes[5] = 0;
    const words = wordsOf(sketch.hashes);
    let table = sketch.theta < this.#theta ? this.#filled(this.#sorted(), sketch.theta) : this;
    for (let i = 0; i < words.length; i += 2) table = table.add(words[i] as number, words[i + 1] as number);
    return table;
  }

  /** The sketch with no more than the nominal number of hashes. */
  sketch(): ThetaSketch {
    const sorted = this.#sorted();
    const nominal = 1 << this.#lgNominal;
    const bound = sorted[nominal];
    return bound === undefined ? thetaSketch(this.#theta, sorted) : thetaSketch(bound, sorted.slice(0, nominal));
  }

  get #lgNominal(): number {
    return this.bytes[3] as number;
  }

  get #lgPlaces(): number {
    return this.bytes[4] as number;
  }

  get #count(): number {
    return this.#view.getInt32(8, true);
  }

  set #count(count: number) {
    this.#view.setInt32(8, count, true);
  }

  get #theta(): bigint {
    return this.#view.getBigUint64(16, true);
  }

  /** Whether the hash was not there before. */
  #put(low: number, high: number): boolean {
    const view = this.#view;
    const lgPlaces = this.#lgPlaces;
    const mask = (1 << lgPlaces) - 1;
    const stride = ((((low >>> lgPlaces) | (high << (32 - lgPlaces))) & 0x7f) << 1) | 1;
    for (let place = low & mask; ; place = (place + stride) & mask) {
      const at = start + 8 * place;
      const [heldLow, heldHigh] = [view.getInt32(at, true), view.getInt32(at + 4, true)];
      if (heldLow === low && heldHigh === high) return false;
      if ((heldLow | heldHigh) === 0) {
        view.setInt32(at, low, true);
        view.setInt32(at + 4, high, true);
        return true;
      }
    }
  }

  /** Drops all but the nominal number of hashes. */
  #cut(): ThetaTable {
    const { hashes, theta } = this.sketch();
    return this.#filled(hashes, theta);
  }

  #grown(): ThetaTable {
    return this.#filled(this.#sorted(), this.#theta, Math.min(this.#lgPlaces + 3, this.#lgNominal + 1));
  }

  #filled(hashes: Hashes, theta: bigint, lgPlaces = this.#lgPlaces): ThetaTable {
    const table = ThetaTable.#of(this.#lgNominal, lgPlaces, theta);
    const kept = hashes.filter((hash) => hash < theta);
    const words = wordsOf(kept);
    for (let i = 0; i < words.length; i += 2) table.#put(words[i] as number, words[i + 1] as number);
    table.#count = kept.length;
    return table;
  }

  #sorted(): Hashes {
    // Places without a hash come first. The bytes are copied: numbers of 64 bits have to be aligned.
    const places = new BigUint64Array(new Uint8Array(this.bytes.subarray(start)).buffer).toSorted();
    return places.subarray(places.length - this.#count);
  }
}

const start = 24;
const leastLgPlaces = 5;
const emptyFlag = 4;
