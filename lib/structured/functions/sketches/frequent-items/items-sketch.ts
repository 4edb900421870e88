import type { InternalValue, Long } from '../../../types/data-type.ts';
import { addLong, subtractLong } from '../../../types/long.ts';

const LOAD_FACTOR = 0.75;
const MIN_LG_SIZE = 3;
const SAMPLE_SIZE = 1024;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** What state holds of a sketch. */
type Stored = [
  lgMaxSize: number,
  sampleSize: number,
  weight: Long,
  offset: Long,
  keys: InternalValue[],
  counts: Long[],
  drifts: number[],
];

/** Where each item is, for the tables at hand. */
const knownPlaces = new WeakMap<object, Map<unknown, number>>();

/** Java tells the zeros apart, `Map` does not. */
function keyOf(item: InternalValue): unknown {
  return Object.is(item, -0) ? '-0' : item;
}

export type ItemHash = (item: InternalValue) => number;

/**
 * The sketch of frequent items of Apache DataSketches: a table of items with their counts that grows up to a size. When it is full,
 * the median of some counts is taken off all of them, and what has nothing left leaves; `offset` is what was taken off so far.
 *
 * Items are where DataSketches puts them, because their order follows from it.
 */
export class ItemsSketch {
  /** `lgSize` is that of the table at first. */
  static of(hash: ItemHash, lgMaxSize: number, lgSize = MIN_LG_SIZE): ItemsSketch {
    const size = 2 ** Math.max(lgSize, MIN_LG_SIZE);
    return new ItemsSketch(hash, [
      Math.max(lgMaxSize, MIN_LG_SIZE),
      Math.min(SAMPLE_SIZE, Math.floor(2 ** lgMaxSize * LOAD_FACTOR)),
      0,
      0,
      ...emptyTable(size),
    ]);
  }

  static fromValue(hash: ItemHash, value: InternalValue): ItemsSketch {
    return new ItemsSketch(hash, value as Stored);
  }

  readonly lgMaxSize: number;
  private readonly sampleSize: number;
  weight: Long;
  offset: Long;
  private keys: InternalValue[];
  private counts: Long[];
  /** How far an item is behind the place that its hash gives, from 1 on; 0 where there is none. */
  private drifts: number[];
  private places: Map<unknown, number>;
  private readonly hash: ItemHash;

  private constructor(hash: ItemHash, stored: Stored) {
    this.hash = hash;
    [this.lgMaxSize, this.sampleSize, this.weight, this.offset, this.keys, this.counts, this.drifts] = stored;
    this.places = knownPlaces.get(this.keys) ?? this.lookedUp();
  }

  toValue(): InternalValue {
    const { lgMaxSize, sampleSize, weight, offset, keys, counts, drifts } = this;
    return [lgMaxSize, sampleSize, weight, offset, keys, counts, drifts] satisfies Stored;
  }

  get lgSize(): number {
    return Math.log2(this.keys.length);
  }

  get size(): number {
    return this.places.size;
  }

  /** Items with what is left of their counts, in the order of the table. */
  entries(): readonly (readonly [item: InternalValue, count: Long])[] {
    return this.keys.flatMap((key, i) => (this.drifts[i] === 0 ? [] : [[key, this.counts[i] as Long] as const]));
  }

  update(item: InternalValue, count: Long = 1): void {
    this.weight = addLong(this.weight, count);
    const place = this.places.get(keyOf(item));
    if (place !== undefined) {
      this.counts[place] = addLong(this.counts[place] as Long, count);
      return;
    }
    this.insert(item, count);
    if (this.size <= this.keys.length * LOAD_FACTOR) return;
    if (this.lgSize < this.lgMaxSize) this.grow();
    else this.purge();
  }

  merge(other: ItemsSketch): void {
    const weight = addLong(this.weight, other.weight);
    for (const [item, count] of other.strided()) this.update(item, count);
    this.offset = addLong(this.offset, other.offset);
    this.weight = weight;
  }

  /** Those that are surely among the frequent ones, with the most that they can have come, from the most frequent on. */
  frequent(): readonly (readonly [item: InternalValue, count: Long])[] {
    return this.strided()
      .filter(([, count]) => count >= this.offset)
      .map(([item, count]) => [item, addLong(count, this.offset)] as const)
      .toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  }

  /** In steps of the golden ratio, so that items of one table do not come to stand together in another. */
  private strided(): readonly (readonly [item: InternalValue, count: Long])[] {
    const { length } = this.keys;
    const stride = Math.floor(length * GOLDEN_RATIO) | 1;
    const found: (readonly [InternalValue, Long])[] = [];
    for (let step = 0, at = 0; step < length; step++, at = (at + stride) & (length - 1)) {
      if (this.drifts[at] !== 0) found.push([this.keys[at] ?? null, this.counts[at] as Long]);
    }
    return found;
  }

  private insert(item: InternalValue, count: Long): void {
    const mask = this.keys.length - 1;
    let at = spread(this.hash(item)) & mask;
    let drift = 1;
    while (this.drifts[at] !== 0) {
      at = (at + 1) & mask;
      drift++;
    }
    this.keys[at] = item;
    this.counts[at] = count;
    this.drifts[at] = drift;
    this.places.set(keyOf(item), at);
  }

  private grow(): void {
    const held = this.entries();
    [this.keys, this.counts, this.drifts] = emptyTable(2 * this.keys.length);
    this.places = this.lookedUp();
    for (const [item, count] of held) this.insert(item, count);
  }

  private purge(): void {
    const samples = this.entries()
      .slice(0, this.sampleSize)
      .map(([, count]) => count)
      .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const median = samples[samples.length >> 1] as Long;
    this.counts.forEach((count, i) => {
      this.counts[i] = subtractLong(count, median);
    });
    this.offset = addLong(this.offset, median);
    this.removeEmptied();
    this.places = this.lookedUp();
  }

  /** From the back, cluster by cluster, beginning in front of the first free place that there is there. */
  private removeEmptied(): void {
    let first = this.drifts.length - 1;
    while (this.drifts[first] !== 0) first--;
    for (let at = first - 1; at >= 0; at--) this.removeIfEmptied(at);
    for (let at = this.drifts.length - 1; at >= first; at--) this.removeIfEmptied(at);
  }

  private removeIfEmptied(at: number): void {
    if (this.drifts[at] !== 0 && (this.counts[at] as Long) <= 0) this.remove(at);
  }

  /** Frees a place, and moves up what stood behind its own. */
  private remove(place: number): void {
    const mask = this.keys.length - 1;
    let free = place;
    this.keys[free] = null;
    this.drifts[free] = 0;
    let distance = 1;
    for (let at = (free + 1) & mask; this.drifts[at] !== 0; at = (at + 1) & mask) {
      const drift = this.drifts[at] as number;
      if (drift > distance) {
        this.keys[free] = this.keys[at] ?? null;
        this.counts[free] = this.counts[at] as Long;
        this.drifts[free] = drift - distance;
        this.keys[at] = null;
        this.drifts[at] = 0;
        free = at;
        distance = 0;
      }
      distance++;
    }
  }

  private lookedUp(): Map<unknown, number> {
    const places = new Map<unknown, number>();
    this.keys.forEach((key, i) => {
      if (this.drifts[i] !== 0) places.set(keyOf(key), i);
    });
    knownPlaces.set(this.keys, places);
    return places;
  }
}

function emptyTable(size: number): [InternalValue[], Long[], number[]] {
  return [
    Array.from({ length: size }, () => null),
    Array.from({ length: size }, () => 0),
    Array.from({ length: size }, () => 0),
  ];
}

/** The end of Murmur3 for 64 bits; the low 32 are enough. */
function spread(hash: number): number {
  let key = BigInt.asUintN(64, BigInt(hash));
  key ^= key >> 33n;
  key = BigInt.asUintN(64, key * 0xff51afd7ed558ccdn);
  key ^= key >> 33n;
  key = BigInt.asUintN(64, key * 0xc4ceb9fe1a85ec53n);
  key ^= key >> 33n;
  return Number(BigInt.asIntN(32, key));
}
