import type { DataType, InternalValue, Long } from '../../../types/data-type.ts';
import { addLong, toLong } from '../../../types/long.ts';
import { type ItemBytes, itemBytesOf } from './item-bytes.ts';
import { type ItemHash, ItemsSketch } from './items-sketch.ts';
import { javaHashOf } from './java-hash.ts';

/*
 * byte 0      1        2       3       4       5      8           16      24      32 ..
 * preLongs   version  family  lg max  lg now  flags  items (int) weight  offset  counts, items; then Spark's count of nulls (big endian)
 */
const [VERSION, FAMILY, EMPTY] = [1, 10, 5];
const [SHORT_PREAMBLE, PREAMBLE] = [8, 32];
/** The largest table that Spark makes. */
const MAX_LG_SIZE = 21;

/** What is needed of a type whose values are counted. */
export interface CountedType {
  readonly hash: ItemHash;
  readonly bytes: ItemBytes;
}

/** `undefined` for types that Spark does not count. */
export function countedType(type: DataType): CountedType | undefined {
  const [hash, bytes] = [javaHashOf(type), itemBytesOf(type)];
  return hash && bytes && { hash, bytes };
}

/** The log of the size of a table that keeps so many items. */
function lgSizeFor(maxItemsTracked: number): number {
  return Math.ceil(Math.log(Math.ceil(maxItemsTracked / 0.75)) / Math.log(2));
}

/** A sketch of items, and how many nulls there were, which Spark keeps beside it. */
export class CountedItems {
  static of(type: CountedType, maxItemsTracked: number): CountedItems {
    return new CountedItems(type, ItemsSketch.of(type.hash, lgSizeFor(maxItemsTracked)), 0);
  }

  static fromValue(type: CountedType, value: InternalValue): CountedItems {
    const [sketch, nulls] = value as readonly [InternalValue, Long];
    return new CountedItems(type, ItemsSketch.fromValue(type.hash, sketch), nulls);
  }

  /** `undefined` for bytes that are none of it. */
  static read(type: CountedType, bytes: Uint8Array): CountedItems | undefined {
    const split = bytes.length - 8;
    if (split < SHORT_PREAMBLE) return undefined;
    const nulls = new DataView(bytes.buffer, bytes.byteOffset + split, 8).getBigInt64(0);
    const sketch = readSketch(type, bytes.subarray(0, split));
    return sketch && new CountedItems(type, sketch, toLong(nulls));
  }

  private readonly type: CountedType;
  private readonly sketch: ItemsSketch;
  private nulls: Long;

  private constructor(type: CountedType, sketch: ItemsSketch, nulls: Long) {
    this.type = type;
    this.sketch = sketch;
    this.nulls = nulls;
  }

  toValue(): InternalValue {
    return [this.sketch.toValue(), this.nulls];
  }

  update(item: InternalValue): void {
    if (item === null) this.nulls = addLong(this.nulls, 1);
    else this.sketch.update(item);
  }

  merge(other: CountedItems): void {
    if (other.sketch.size > 0) this.sketch.merge(other.sketch);
    this.nulls = addLong(this.nulls, other.nulls);
  }

  /** The k most frequent; nulls come behind what came as often. */
  top(k: number): readonly (readonly [item: InternalValue, count: Long])[] {
    const items = this.sketch.frequent().slice(0, k);
    if (this.nulls === 0) return items;
    const at = items.findIndex(([, count]) => this.nulls > count);
    return items.toSpliced(at < 0 ? items.length : at, 0, [null, this.nulls]).slice(0, k);
  }

  toBytes(): Uint8Array {
    const { sketch } = this;
    const entries = sketch.entries();
    const items = this.type.bytes.write(entries.map(([item]) => item));
    const start = entries.length === 0 ? SHORT_PREAMBLE : PREAMBLE;
    const bytes = new Uint8Array(start + 8 * entries.length + items.length + 8);
    const view = new DataView(bytes.buffer);
    bytes.set([start / 8, VERSION, FAMILY, sketch.lgMaxSize, sketch.lgSize, entries.length === 0 ? EMPTY : 0]);
    if (entries.length > 0) {
      view.setInt32(8, entries.length, true);
      view.setBigInt64(16, BigInt(sketch.weight), true);
      view.setBigInt64(24, BigInt(sketch.offset), true);
      entries.forEach(([, count], i) => view.setBigInt64(PREAMBLE + 8 * i, BigInt(count), true));
      bytes.set(items, PREAMBLE + 8 * entries.length);
    }
    view.setBigInt64(bytes.length - 8, BigInt(this.nulls));
    return bytes;
  }

  /** As it comes out of bytes: the same items, in the places that they take when they come one after the other. */
  copy(): CountedItems {
    const sketch = ItemsSketch.of(this.type.hash, this.sketch.lgMaxSize, this.sketch.lgSize);
    for (const [item, count] of this.sketch.entries()) sketch.update(item, count);
    sketch.offset = addLong(sketch.offset, this.sketch.offset);
    sketch.weight = this.sketch.weight;
    return new CountedItems(this.type, sketch, this.nulls);
  }
}

function readSketch(type: CountedType, bytes: Uint8Array): ItemsSketch | undefined {
  const [preLongs, version, family, lgMax = 0, lgNow = 0, flags = 0] = bytes;
  const isEmpty = (flags & EMPTY) !== 0;
  const isKnown = version === VERSION && family === FAMILY && preLongs === (isEmpty ? 1 : PREAMBLE / 8);
  if (!isKnown || lgMax > MAX_LG_SIZE || lgNow > MAX_LG_SIZE) return undefined;
  if (isEmpty) return ItemsSketch.of(type.hash, lgMax);
  if (bytes.length < PREAMBLE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getInt32(8, true);
  if (size < 0 || bytes.length < PREAMBLE + 8 * size) return undefined;
  const items = type.bytes.read(bytes.subarray(PREAMBLE + 8 * size), size);
  if (items === undefined) return undefined;
  const sketch = ItemsSketch.of(type.hash, lgMax, lgNow);
  sketch.offset = toLong(view.getBigInt64(24, true));
  for (const [i, item] of items.entries()) {
    const count = toLong(view.getBigInt64(PREAMBLE + 8 * i, true));
    if (count < 0) return undefined;
    if (count !== 0) sketch.update(item, count);
  }
  sketch.weight = toLong(view.getBigInt64(16, true));
  return sketch;
}
