import type { Long } from '../../../types/data-type.ts';
import { javaDouble, javaFloat } from '../../../types/double-text.ts';
import { toLong } from '../../../types/long.ts';

/** What a sketch is of: how its items are ordered, printed and laid out in bytes (little endian). */
export interface ItemKind {
  readonly sketchName: string;
  readonly bytes: number;
  readonly compare: (a: Long, b: Long) => number;
  readonly text: (item: Long) => string;
  readonly read: (view: DataView, at: number) => Long;
  readonly write: (view: DataView, at: number, item: Long) => void;
}

/** Java's order: -0 before 0, NaN behind everything. */
function compareDoubles(a: Long, b: Long): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

export const longs: ItemKind = {
  sketchName: 'KllLongsSketch',
  bytes: 8,
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  text: String,
  read: (view, at) => toLong(view.getBigInt64(at, true)),
  write: (view, at, item) => view.setBigInt64(at, BigInt(item), true),
};

export const floats: ItemKind = {
  sketchName: 'KllFloatsSketch',
  bytes: 4,
  compare: compareDoubles,
  text: (item) => javaFloat(item as number),
  read: (view, at) => view.getFloat32(at, true),
  write: (view, at, item) => view.setFloat32(at, item as number, true),
};

export const doubles: ItemKind = {
  sketchName: 'KllDoublesSketch',
  bytes: 8,
  compare: compareDoubles,
  text: (item) => javaDouble(item as number),
  read: (view, at) => view.getFloat64(at, true),
  write: (view, at, item) => view.setFloat64(at, item as number, true),
};
