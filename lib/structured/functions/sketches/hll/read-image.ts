import { addCoupon, firstTable } from './add-coupon.ts';
import {
  family,
  Flag,
  HllImage,
  kindOf,
  Kind,
  listPlaces,
  listStart,
  Mode,
  registersStart,
  slotBits,
  tableStart,
} from './image.ts';

/** A sketch that was read: an image of its own, of the kind HLL_8, and its coupons in the order in which they were stored. */
export interface HllSource {
  readonly image: HllImage;
  readonly coupons: readonly number[];
  /** Whether registers were of other bits than those of the image. */
  readonly isConverted: boolean;
}

/** Any HLL sketch of Apache DataSketches: of four, six or eight bits a register, compact or not. `undefined` for other bytes. */
export function readHll(bytes: Uint8Array): HllSource | undefined {
  const preambleInts = { [Mode.list]: 2, [Mode.table]: 3, [Mode.registers]: 10 }[(bytes[7] ?? 3) & 3];
  const isKnown = bytes[1] === 1 && bytes[2] === family && preambleInts === ((bytes[0] as number) & 0x3f);
  if (preambleInts === undefined || !isKnown || bytes.length < 4 * preambleInts) return undefined;
  const given = new HllImage(bytes);
  switch (given.mode) {
    case Mode.list:
      return readList(given);
    case Mode.table:
      return readTable(given);
    default: {
      const image = readRegisters(given);
      return image === undefined ? undefined : { image, coupons: [], isConverted: kindOf(given) !== Kind.eightBits };
    }
  }
}

function readList(given: HllImage): HllSource | undefined {
  const coupons = readCoupons(given, listStart, given.couponCount);
  if (coupons === undefined || coupons.length >= listPlaces) return undefined;
  return { image: coupons.reduce(addCoupon, HllImage.list(given.lgK)), coupons, isConverted: false };
}

function readTable(given: HllImage): HllSource | undefined {
  const { lgK, lgPlaces, couponCount } = given;
  if (lgK < 8 || lgK > 26) return undefined;
  if (given.has(Flag.compact)) {
    const coupons = readCoupons(given, tableStart, couponCount);
    if (coupons === undefined) return undefined;
    const image = coupons.reduce(addCoupon, HllImage.table(lgK, firstTable));
    return image.mode === Mode.table ? { image, coupons, isConverted: false } : undefined;
  }
  const length = tableStart + (4 << lgPlaces);
  // A table without room would be searched for ever.
  if (lgPlaces > lgK || given.bytes.length < length || 4 * couponCount > 3 << lgPlaces) return undefined;
  const image = HllImage.table(lgK, lgPlaces);
  image.bytes.set(given.bytes.subarray(tableStart, length), tableStart);
  const coupons = image.coupons();
  if (coupons.length !== couponCount) return undefined;
  image.couponCount = couponCount;
  return { image, coupons, isConverted: false };
}

function readCoupons({ bytes, view }: HllImage, start: number, count: number): number[] | undefined {
  if (count < 0 || start + 4 * count > bytes.length) return undefined;
  return Array.from({ length: count }, (_, i) => view.getInt32(start + 4 * i, true));
}

function readRegisters(given: HllImage): HllImage | undefined {
  const { lgK, bytes } = given;
  if (lgK < 4 || lgK > 21) return undefined;
  const valueAt = valuesOf(given);
  const image = HllImage.registers(lgK);
  for (let slot = 0; slot < 1 << lgK; slot++) {
    const value = valueAt(slot);
    if (value === undefined) return undefined;
    image.bytes[registersStart + slot] = value;
  }
  image.bytes.set(bytes.subarray(8, 36), 8);
  image.leastRegister = given.leastRegister;
  image.set(Flag.isMerged, given.has(Flag.isMerged));
  image.set(Flag.isStale, given.has(Flag.isStale));
  return image;
}

type ValueAt = (slot: number) => number | undefined;

function valuesOf(given: HllImage): ValueAt {
  const values = given.bytes.subarray(registersStart);
  const kind = kindOf(given);
  return kind === Kind.eightBits
    ? (slot) => values[slot]
    : kind === Kind.sixBits
      ? sixes(values)
      : fours(given, values);
}

function sixes(values: Uint8Array): ValueAt {
  return (slot) => {
    const bit = 6 * slot;
    const [low, high] = [values[bit >>> 3], values[(bit >>> 3) + 1]];
    return low === undefined || high === undefined ? undefined : ((low | (high << 8)) >>> (bit & 7)) & 0x3f;
  };
}

/** Half a byte above the least register. What is greater is 15 there, and stands behind all of them as a coupon. */
function fours(given: HllImage, values: Uint8Array): ValueAt {
  const { lgK, lgPlaces, leastRegister, view, bytes } = given;
  const start = registersStart + (1 << (lgK - 1));
  const places = given.has(Flag.compact) ? view.getInt32(36, true) : 1 << lgPlaces;
  const greater = new Map<number, number>();
  for (let at = start; at < Math.min(start + 4 * places, bytes.length - 3); at += 4) {
    const coupon = view.getInt32(at, true);
    if (coupon !== 0) greater.set(coupon & ((1 << lgK) - 1), coupon >>> slotBits);
  }
  return (slot) => {
    const byte = values[slot >>> 1];
    if (byte === undefined) return undefined;
    const half = (slot & 1) === 0 ? byte & 15 : byte >>> 4;
    return half === 15 ? greater.get(slot) : half + leastRegister;
  };
}
