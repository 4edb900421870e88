import { addCoupon, raiseRegister } from './add-coupon.ts';
import { Flag, HllImage, Mode, registersStart, slotBits } from './image.ts';
import type { HllSource } from './read-image.ts';

/**
 * Takes a sketch into another, in place where there is room: the result has the lesser `lgK` of both. Registers may be stale behind it
 * (`refresh`). A source that was only `wrapped`, not read into an object, is gone through in the order of its bytes: Spark's hash tables
 * depend on it.
 */
export function unite(into: HllImage, source: HllSource, wrapped: boolean): HllImage {
  const { image } = source;
  if (image.isEmpty) return into;
  if (image.mode === Mode.list) return source.coupons.reduce(addCoupon, into);
  if (image.mode === Mode.table) {
    if (into.isEmpty && image.lgK === into.lgK && !wrapped) return image;
    return (wrapped ? source.coupons : image.coupons()).reduce(addCoupon, into);
  }
  if (into.mode !== Mode.registers) return takeCoupons(asRegisters(source, into.lgK), into);
  const target = image.lgK < into.lgK ? folded(into, image.lgK) : into;
  raiseAll(target, image);
  target.hip = 0;
  target.set(Flag.isMerged, true);
  target.set(Flag.isStale, true);
  return target;
}

/** Registers of few enough slots; nothing is done to the source. */
function asRegisters({ image, isConverted }: HllSource, lgK: number): HllImage {
  return isConverted || image.lgK > lgK ? folded(image, Math.min(image.lgK, lgK)) : image;
}

function takeCoupons(registers: HllImage, from: HllImage): HllImage {
  for (const coupon of from.coupons()) raiseRegister(registers, coupon);
  return registers;
}

/** With fewer slots: those that fall together have the greatest register among them. */
function folded(image: HllImage, lgK: number): HllImage {
  const result = HllImage.registers(lgK);
  for (let slot = 0; slot < 1 << image.lgK; slot++) {
    const value = image.bytes[registersStart + slot] as number;
    if (value !== 0) raiseRegister(result, (value << slotBits) | slot);
  }
  const isMerged = image.has(Flag.isMerged);
  // As DataSketches does: the estimate by history is kept although slots fell together.
  result.hip = isMerged && lgK < image.lgK ? 0 : image.hip;
  result.set(Flag.isMerged, isMerged);
  return result;
}

function raiseAll(target: HllImage, image: HllImage): void {
  const mask = (1 << target.lgK) - 1;
  for (let slot = 0; slot < 1 << image.lgK; slot++) {
    const value = image.bytes[registersStart + slot] as number;
    const at = registersStart + (slot & mask);
    if (value > (target.bytes[at] as number)) target.bytes[at] = value;
  }
}

/** Makes the sums and the least register those of the registers again. */
export function refresh(image: HllImage): HllImage {
  if (!image.has(Flag.isStale)) return image;
  const slots = 1 << image.lgK;
  let [kxq0, kxq1, least, count] = [slots, 0, 64, 0];
  for (let slot = 0; slot < slots; slot++) {
    const value = image.bytes[registersStart + slot] as number;
    // What 1 becomes, in the order in which DataSketches adds.
    if (value > 0 && value < 32) kxq0 += 2 ** -value - 1;
    else if (value > 0) kxq1 += 2 ** -value - 1;
    if (value === least) count++;
    else if (value < least) [least, count] = [value, 1];
  }
  image.kxq0 = kxq0;
  image.kxq1 = kxq1;
  image.leastRegister = least;
  image.countAtLeast = count;
  image.set(Flag.isStale, false);
  return image;
}
