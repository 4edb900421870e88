import type { Long } from '../../../types/data-type.ts';
import type { KllSketch } from './kll-sketch.ts';
import { merged } from './levels.ts';

interface Weighted {
  readonly item: Long;
  readonly weight: number;
}

/** What quantiles and ranks are looked up in: all items in order, and how many there are up to each. */
export interface SortedView {
  /** The item at a part of all, 0 to 1. */
  readonly quantile: (rank: number) => Long;
  /** The part of all that is not greater than an item. */
  readonly rank: (item: Long) => number;
}

/** `undefined` when there are no items to look in. */
export function sortedView(sketch: KllSketch): SortedView | undefined {
  const { kind, levels, min, max } = sketch;
  const n = Number(sketch.n);
  const sorted = ordered(
    levels
      .map((items, level) =>
        level === 0 && !sketch.isLevelZeroSorted ? items.toSorted(kind.compare) : atLevel(items, level),
      )
      .map((items, level) => items.map((item): Weighted => ({ item, weight: 2 ** level })))
      .filter(({ length }) => length > 0),
  );
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (n === 0 || first === undefined || last === undefined) return undefined;
  const items = sorted.map(({ item }) => item);
  let sum = 0;
  const upTo = sorted.map(({ weight }) => (sum += weight));
  // The least and the greatest item may have been lost on the way up.
  if (first.item !== min) {
    items.unshift(min);
    upTo.unshift(1);
  }
  if (last.item !== max) {
    items.push(max);
    upTo.splice(-1, 1, sum - 1, sum);
  }
  return {
    quantile(rank) {
      const wanted = naturalRank(rank, n);
      const at = firstIndex(upTo.length, (i) => (upTo[i] as number) >= wanted);
      return items[Math.min(at, items.length - 1)] as Long;
    },
    rank(item) {
      const at = firstIndex(items.length, (i) => (items[i] as Long) > item) - 1;
      return at < 0 ? 0 : (upTo[at] as number) / n;
    },
  };
}

/** A level 0 that is sorted is kept with the greatest first, as it arrived. */
function atLevel(items: readonly Long[], level: number): readonly Long[] {
  return level === 0 ? items.toReversed() : items;
}

/** Halves are merged as DataSketches does it, so that zeros of different signs come in its order. */
function ordered(lists: readonly (readonly Weighted[])[]): readonly Weighted[] {
  if (lists.length <= 1) return lists[0] ?? [];
  const middle = lists.length >> 1;
  return merged(ordered(lists.slice(0, middle)), ordered(lists.slice(middle)), (a, b) => a.item < b.item);
}

const tailRounding = 1e7;

function naturalRank(rank: number, n: number): number {
  const exact = rank * n;
  return Math.ceil(n <= tailRounding ? Math.round(exact * tailRounding) / tailRounding : exact) || 0;
}

/** The least index for which something holds from there on; `length` when for none. */
function firstIndex(length: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
