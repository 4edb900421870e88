import type { Long } from '../../../types/data-type.ts';
import { toLong } from '../../../types/long.ts';
import type { ItemKind } from './item-kind.ts';
import { KllSketch } from './kll-sketch.ts';
import { totalCapacity } from './levels.ts';

/*
 * byte 0      1        2       3      4  5   6  7   8 .. 15  16 17  18      19  20 ..
 * preInts    version  family  flags  k      m  -   n        minK   levels  -   offset of each level (int), min, max, items
 *
 * An empty sketch ends after 8 bytes, one of a single item has it there. Offsets count the free room below level 0 in.
 */
const FAMILY = 15;
const START = 20;
const SHORT_START = 8;
const [EMPTY, SORTED, SINGLE] = [1, 2, 4];

const shapes = {
  short: { preInts: 2, version: 1 },
  single: { preInts: 2, version: 2 },
  full: { preInts: 5, version: 1 },
  updatable: { preInts: 5, version: 3 },
} as const;

type Shape = keyof typeof shapes;

function shapeOf({ n }: KllSketch): Shape {
  if (n === 0) return 'short';
  return n === 1 ? 'single' : 'full';
}

export function compactSize(sketch: KllSketch): number {
  const { bytes } = sketch.kind;
  const shape = shapeOf(sketch);
  if (shape === 'short') return SHORT_START;
  return shape === 'single' ? SHORT_START + bytes : START + 4 * sketch.levels.length + (2 + sketch.retained) * bytes;
}

/** How large it would be with its free room. */
export function updatableSize({ kind, levels, capacity }: KllSketch): number {
  return START + 4 * (levels.length + 1) + (2 + capacity) * kind.bytes;
}

/** A sketch in the compact form of DataSketches. */
export function kllBytes(sketch: KllSketch): Uint8Array {
  const { kind, levels } = sketch;
  const shape = shapeOf(sketch);
  const bytes = new Uint8Array(compactSize(sketch));
  const view = new DataView(bytes.buffer);
  const flags =
    (shape === 'short' ? EMPTY : 0) | (sketch.isLevelZeroSorted ? SORTED : 0) | (shape === 'single' ? SINGLE : 0);
  bytes.set([shapes[shape].preInts, shapes[shape].version, FAMILY, flags]);
  view.setUint16(4, sketch.k, true);
  bytes[6] = sketch.m;
  if (shape === 'short') return bytes;
  if (shape === 'single') {
    kind.write(view, SHORT_START, levels[0]?.[0] ?? 0);
    return bytes;
  }
  view.setBigInt64(8, BigInt(sketch.n), true);
  view.setUint16(16, sketch.minK, true);
  bytes[18] = levels.length;
  let offset = sketch.capacity - sketch.retained;
  levels.forEach(({ length }, i) => {
    view.setInt32(START + 4 * i, offset, true);
    offset += length;
  });
  // The newest item of level 0 comes first.
  const items = [sketch.min, sketch.max, ...(levels[0] as readonly Long[]).toReversed(), ...levels.slice(1).flat()];
  items.forEach((item, i) => kind.write(view, START + 4 * levels.length + i * kind.bytes, item));
  return bytes;
}

/** The sketch in bytes of either form; `undefined` for what is none. Bytes behind it are not looked at. */
export function readKll(kind: ItemKind, bytes: Uint8Array): KllSketch | undefined {
  if (bytes.length < SHORT_START) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [preInts, version, family, flags = 0] = bytes;
  const shape = (Object.keys(shapes) as Shape[]).find(
    (each) => shapes[each].preInts === preInts && shapes[each].version === version,
  );
  const k = view.getUint16(4, true);
  const m = bytes[6] as number;
  const isRoomy = m >= 2 && m <= 8 && m % 2 === 0 && k >= m;
  if (shape === undefined || family !== FAMILY || !isRoomy) return undefined;
  if (shape !== 'updatable' && (shape === 'short') !== ((flags & EMPTY) !== 0)) return undefined;
  const head = { k, m, minK: k, isLevelZeroSorted: (flags & SORTED) !== 0 };
  if (shape === 'short') return new KllSketch(kind, { ...head, n: 0, min: 0, max: 0, levels: [[]] });
  if (shape === 'single') {
    if (bytes.length < SHORT_START + kind.bytes) return undefined;
    const item = kind.read(view, SHORT_START);
    return new KllSketch(kind, { ...head, n: 1, min: item, max: item, levels: [[item]] });
  }
  if (bytes.length < START) return undefined;
  const sketch = { ...head, minK: view.getUint16(16, true), n: toLong(view.getBigInt64(8, true)) };
  const items = readItems(kind, view, shape === 'updatable', sketch);
  return items && new KllSketch(kind, { ...sketch, ...items });
}

interface Items {
  readonly min: Long;
  readonly max: Long;
  readonly levels: Long[][];
}

function readItems(
  kind: ItemKind,
  view: DataView,
  isUpdatable: boolean,
  { k, m }: { readonly k: number; readonly m: number },
): Items | undefined {
  const count = view.getUint8(18);
  const offsetCount = count + (isUpdatable ? 1 : 0);
  if (count === 0 || view.byteLength < START + 4 * offsetCount) return undefined;
  const offsets = Array.from({ length: count }, (_, i) => view.getInt32(START + 4 * i, true));
  offsets.push(totalCapacity(k, count, m));
  const [least = 0] = offsets;
  const isAscending = offsets.every((offset, i) => offset >= (i === 0 ? 0 : (offsets[i - 1] as number)));
  const at = START + 4 * offsetCount;
  const first = at + 2 * kind.bytes;
  const start = first - (isUpdatable ? 0 : least * kind.bytes);
  if (!isAscending || view.byteLength < start + (offsets.at(-1) as number) * kind.bytes) return undefined;
  const levels = offsets
    .slice(0, -1)
    .map((from, level) =>
      Array.from({ length: (offsets[level + 1] as number) - from }, (_, i) =>
        kind.read(view, start + (from + i) * kind.bytes),
      ),
    );
  levels[0]?.reverse();
  return { min: kind.read(view, at), max: kind.read(view, at + kind.bytes), levels };
}
