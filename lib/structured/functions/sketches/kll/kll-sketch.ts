import type { InternalValue, Long } from '../../../types/data-type.ts';
import { addLong } from '../../../types/long.ts';
import type { ItemKind } from './item-kind.ts';
import { DEFAULT_M, levelCapacity, merged, totalCapacity } from './levels.ts';

/** All that a sketch is, as values that state can hold. */
interface Fields {
  readonly k: number;
  readonly m: number;
  /** The least k of what was merged into it: what its error is counted by. */
  minK: number;
  n: Long;
  isLevelZeroSorted: boolean;
  min: Long;
  max: Long;
  /** Items of level i stand for 2^i each. Level 0 is in the order of arrival, those above it are sorted. */
  readonly levels: Long[][];
}

type Stored = [
  k: number,
  m: number,
  minK: number,
  n: Long,
  isLevelZeroSorted: boolean,
  min: Long,
  max: Long,
  levels: Long[][],
  free: number,
];

/**
 * The quantile sketch of Karnin, Lang and Liberty as Apache DataSketches has it. Until `k` items nothing is lost; from there on every
 * second item of a full level moves up to the next.
 *
 * Which half moves is drawn there, and here mixed from what the sketch holds: a batch that is run again gives the same sketch.
 */
export class KllSketch {
  static of(kind: ItemKind, k: number): KllSketch {
    const fields = { k, m: DEFAULT_M, minK: k, n: 0, isLevelZeroSorted: false, min: 0, max: 0, levels: [[]] };
    return new KllSketch(kind, fields);
  }

  /** What `toValue` gave. The sketch changes its lists in place. */
  static fromValue(kind: ItemKind, value: InternalValue): KllSketch {
    const [k, m, minK, n, isLevelZeroSorted, min, max, levels, free] = value as Stored;
    return new KllSketch(kind, { k, m, minK, n, isLevelZeroSorted, min, max, levels }, free);
  }

  readonly kind: ItemKind;
  private readonly fields: Fields;
  private free: number;

  constructor(kind: ItemKind, fields: Fields, free?: number) {
    this.kind = kind;
    this.fields = fields;
    this.free = free ?? this.capacity - this.retained;
  }

  toValue(): InternalValue {
    const { k, m, minK, n, isLevelZeroSorted, min, max, levels } = this.fields;
    return [k, m, minK, n, isLevelZeroSorted, min, max, levels, this.free] satisfies Stored;
  }

  get k(): number {
    return this.fields.k;
  }

  get m(): number {
    return this.fields.m;
  }

  get minK(): number {
    return this.fields.minK;
  }

  get n(): Long {
    return this.fields.n;
  }

  get min(): Long {
    return this.fields.min;
  }

  get max(): Long {
    return this.fields.max;
  }

  get isLevelZeroSorted(): boolean {
    return this.fields.isLevelZeroSorted;
  }

  get levels(): readonly (readonly Long[])[] {
    return this.fields.levels;
  }

  get isEmpty(): boolean {
    return this.fields.n === 0;
  }

  get capacity(): number {
    return totalCapacity(this.k, this.levels.length, this.m);
  }

  get retained(): number {
    return this.levels.reduce((sum, { length }) => sum + length, 0);
  }

  /** Takes an item; NaN is none. */
  update(item: Long): void {
    if (!Number.isNaN(item)) this.insert(item);
  }

  private insert(item: Long): void {
    const { fields } = this;
    this.widen(item);
    if (this.free === 0) this.makeRoom();
    this.free--;
    fields.n = addLong(fields.n, 1);
    fields.isLevelZeroSorted = false;
    (fields.levels[0] as Long[]).push(item);
  }

  private widen(item: Long): void {
    const { fields } = this;
    const { compare } = this.kind;
    if (this.isEmpty || compare(item, fields.min) < 0) fields.min = item;
    if (this.isEmpty || compare(item, fields.max) > 0) fields.max = item;
  }

  /** Moves half of the lowest level that is full up. */
  private makeRoom(): void {
    const { levels, k, m } = this.fields;
    const level = levels.findIndex(({ length }, i) => length >= levelCapacity(k, levels.length, i, m));
    if (level === levels.length - 1) {
      levels.push([]);
      this.free += levelCapacity(k, levels.length, 0, m);
    }
    this.free += this.halve(level);
  }

  /** How many items there are fewer. Of an odd number the newest of level 0, else the least, stays where it is. */
  private halve(level: number): number {
    const { levels } = this.fields;
    const { compare } = this.kind;
    const items = levels[level] as Long[];
    const above = levels[level + 1] as Long[];
    const rest = items.length % 2 === 0 ? [] : [(level === 0 ? items.pop() : items.shift()) as Long];
    if (level === 0) items.sort(compare);
    const first = this.drawn(level, items[0] as Long);
    const half = items.filter((_, i) => i % 2 === first);
    levels[level] = rest;
    levels[level + 1] = merged(half, above, (a, b) => a < b);
    return items.length - half.length;
  }

  /** 0 or 1, as good as drawn. */
  private drawn(level: number, item: Long): number {
    let mixed = Math.imul(Number(this.n) | 0, 0x9e3779b1) ^ Math.imul(level + 1, 0x85ebca77);
    draws.setFloat64(0, Number(item));
    mixed = Math.imul(mixed ^ draws.getInt32(0), 0xc2b2ae3d) ^ Math.imul(draws.getInt32(4), 0x27d4eb2f);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) & 1;
  }

  /** Takes in another sketch of the same kind, which stays as it is. */
  merge(other: KllSketch): void {
    if (other.isEmpty) return;
    const { fields } = this;
    const { isEmpty } = this;
    const { n, min, max } = fields;
    // From the newest on, as its bytes are.
    for (const item of (other.levels[0] as readonly Long[]).toReversed()) this.insert(item);
    fields.min = isEmpty || this.kind.compare(other.min, min) < 0 ? other.min : min;
    fields.max = isEmpty || this.kind.compare(other.max, max) > 0 ? other.max : max;
    if (other.levels.length > 1) {
      this.mergeAbove(other.levels);
      fields.minK = Math.min(fields.minK, other.minK);
    }
    fields.n = addLong(n, other.n);
  }

  private mergeAbove(others: readonly (readonly Long[])[]): void {
    const { levels, k, m } = this.fields;
    while (levels.length < others.length) levels.push([]);
    others.slice(1).forEach((items, i) => {
      levels[i + 1] = merged(levels[i + 1] as Long[], items, (a, b) => a < b);
    });
    let count = this.retained;
    let room = this.capacity;
    for (let level = 0; level < levels.length; level++) {
      const { length } = levels[level] as Long[];
      if (count < room || length < levelCapacity(k, levels.length, level, m)) continue;
      if (level === levels.length - 1) {
        levels.push([]);
        room += levelCapacity(k, levels.length, 0, m);
      }
      count -= this.halve(level);
    }
    this.free = room - count;
  }
}

const draws = new DataView(new ArrayBuffer(8));
