import type { Hash128 } from '../../hashes/murmur3-x64.ts';
import { couponEstimate } from './estimate.ts';
import { HllImage, listPlaces, listStart, Mode, registersStart, slotBits, slotMask, tableStart } from './image.ts';

/** The coupon of a value: where it falls, and how rare the rest of its hash is. */
export function couponOf(hash: Hash128): number {
  const zeros = hash[3] === 0 ? 32 + Math.clz32(hash[2] as number) : Math.clz32(hash[3] as number);
  return ((Math.min(zeros, 62) + 1) << slotBits) | ((hash[0] as number) & slotMask);
}

/** Adds a coupon in place, or gives the bigger image that it takes. */
export function addCoupon(image: HllImage, coupon: number): HllImage {
  switch (image.mode) {
    case Mode.list:
      return addToList(image, coupon);
    case Mode.table:
      return addToTable(image, coupon);
    default:
      raiseRegister(image, coupon);
      return image;
  }
}

function addToList(image: HllImage, coupon: number): HllImage {
  const { view } = image;
  const end = listStart + 4 * listPlaces;
  let at = listStart;
  for (; at < end; at += 4) {
    const held = view.getInt32(at, true);
    if (held === coupon) return image;
    if (held === 0) break;
  }
  view.setInt32(at, coupon, true);
  image.couponCount++;
  if (image.couponCount < listPlaces) return image;
  if (image.lgK < 8) return registersOf(image);
  const table = HllImage.table(image.lgK, firstTable);
  return image.coupons().reduce(addToTable, table);
}

/** The log of the places of a new table. */
export const firstTable = 5;

function addToTable(image: HllImage, coupon: number): HllImage {
  const { lgPlaces } = image;
  const at = placeOf(image, lgPlaces, coupon);
  if (image.view.getInt32(at, true) === coupon) return image;
  image.view.setInt32(at, coupon, true);
  image.couponCount++;
  if (4 * image.couponCount <= 3 << lgPlaces) return image;
  return lgPlaces === image.lgK - 3 ? registersOf(image) : grown(image, lgPlaces + 1);
}

/** Where a table has the coupon, or has room for it. */
function placeOf({ view }: HllImage, lgPlaces: number, coupon: number): number {
  const mask = (1 << lgPlaces) - 1;
  const stride = ((coupon & slotMask) >>> lgPlaces) | 1;
  let place = coupon & mask;
  for (;;) {
    const at = tableStart + 4 * place;
    const held = view.getInt32(at, true);
    if (held === 0 || held === coupon) return at;
    place = (place + stride) & mask;
  }
}

function grown(image: HllImage, lgPlaces: number): HllImage {
  const table = HllImage.table(image.lgK, lgPlaces);
  for (const coupon of image.coupons()) table.view.setInt32(placeOf(table, lgPlaces, coupon), coupon, true);
  table.couponCount = image.couponCount;
  return table;
}

function registersOf(image: HllImage): HllImage {
  const registers = HllImage.registers(image.lgK);
  for (const coupon of image.coupons()) raiseRegister(registers, coupon);
  registers.hip = couponEstimate(image.couponCount);
  return registers;
}

/** Puts a coupon into the registers: estimate and sums change with them, in the order in which DataSketches adds. */
export function raiseRegister(image: HllImage, coupon: number): void {
  const at = registersStart + (coupon & ((1 << image.lgK) - 1));
  const before = image.bytes[at] as number;
  const value = coupon >>> slotBits;
  if (value <= before) return;
  image.bytes[at] = value;
  image.hip += (1 << image.lgK) / (image.kxq0 + image.kxq1);
  if (before < 32) image.kxq0 -= 2 ** -before;
  else image.kxq1 -= 2 ** -before;
  if (value < 32) image.kxq0 += 2 ** -value;
  else image.kxq1 += 2 ** -value;
  if (before === 0) image.countAtLeast--;
}
