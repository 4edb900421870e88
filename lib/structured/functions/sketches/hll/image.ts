/**
 * A sketch of the kind HLL_8 in the updatable form of Apache DataSketches, which is what Spark writes. Few values are kept as coupons, in
 * a list and then in a hash table; many as a register for each of the `2 ** lgK` slots, a byte each.
 *
 * | byte | |
 * |---|---|
 * | 0 | how many ints come before the data: 2 (list), 3 (table), 10 (registers) |
 * | 1, 2 | version 1, family 7 |
 * | 3, 4 | `lgK`; the log of the number of places for coupons |
 * | 5 | flags |
 * | 6 | coupons of a list, or the least register |
 * | 7 | mode: list 0, table 1, registers 2; and which kind: HLL_8 is 8 |
 * | 8 | list: the coupons |
 * | 8, 12 | table: how many coupons (int), and their places |
 * | 8, 16, 24 | registers: estimate by history, and sums of `2 ** -register` below 32 and from 32 (doubles) |
 * | 32, 36, 40 | registers: how many have the least value (int), 0, and they themselves |
 */
export class HllImage {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static list(lgK: number): HllImage {
    const image = made(listStart + 4 * listPlaces, 2, lgK, Mode.list);
    image.bytes[4] = 3;
    image.bytes[5] = Flag.empty;
    return image;
  }

  static table(lgK: number, lgPlaces: number): HllImage {
    const image = made(tableStart + (4 << lgPlaces), 3, lgK, Mode.table);
    image.bytes[4] = lgPlaces;
    return image;
  }

  static registers(lgK: number): HllImage {
    const image = made(registersStart + (1 << lgK), 10, lgK, Mode.registers);
    image.kxq0 = 1 << lgK;
    image.countAtLeast = 1 << lgK;
    return image;
  }

  get mode(): number {
    return this.byte(7) & 3;
  }

  get lgK(): number {
    return this.byte(3);
  }

  get lgPlaces(): number {
    return this.byte(4);
  }

  get isEmpty(): boolean {
    return this.mode !== Mode.registers && this.couponCount === 0;
  }

  get couponCount(): number {
    return this.mode === Mode.list ? this.byte(6) : this.view.getInt32(8, true);
  }

  set couponCount(count: number) {
    this.set(Flag.empty, count === 0);
    if (this.mode === Mode.list) this.bytes[6] = count;
    else this.view.setInt32(8, count, true);
  }

  /** Where the places of coupons begin. */
  get couponsStart(): number {
    return this.mode === Mode.list ? listStart : tableStart;
  }

  /** The coupons in the order of their places. */
  coupons(): number[] {
    const found: number[] = [];
    for (let at = this.couponsStart; at < this.bytes.length; at += 4) {
      const coupon = this.view.getInt32(at, true);
      if (coupon !== 0) found.push(coupon);
    }
    return found;
  }

  has(flag: number): boolean {
    return (this.byte(5) & flag) !== 0;
  }

  set(flag: number, isSet: boolean): void {
    this.bytes[5] = isSet ? this.byte(5) | flag : this.byte(5) & ~flag;
  }

  get leastRegister(): number {
    return this.byte(6);
  }

  set leastRegister(value: number) {
    this.bytes[6] = value;
  }

  /** The estimate that grew with each change of a register; right while the sketch has seen all values itself. */
  get hip(): number {
    return this.view.getFloat64(8, true);
  }

  set hip(value: number) {
    this.view.setFloat64(8, value, true);
  }

  get kxq0(): number {
    return this.view.getFloat64(16, true);
  }

  set kxq0(value: number) {
    this.view.setFloat64(16, value, true);
  }

  get kxq1(): number {
    return this.view.getFloat64(24, true);
  }

  set kxq1(value: number) {
    this.view.setFloat64(24, value, true);
  }

  get countAtLeast(): number {
    return this.view.getInt32(32, true);
  }

  set countAtLeast(count: number) {
    this.view.setInt32(32, count, true);
  }

  private byte(at: number): number {
    return this.bytes[at] as number;
  }
}

function made(length: number, preambleInts: number, lgK: number, mode: number): HllImage {
  const bytes = new Uint8Array(length);
  bytes.set([preambleInts, 1, family, lgK, 0, 0, 0, Kind.eightBits | mode]);
  return new HllImage(bytes);
}

export const Mode = { list: 0, table: 1, registers: 2 } as const;
export const Kind = { fourBits: 0, sixBits: 4, eightBits: 8 } as const;

export function kindOf({ bytes }: HllImage): number {
  return (bytes[7] as number) & 12;
}

/** `isMerged`: registers of two sketches were joined, the history is lost. `isStale`: the sums and the least register are not theirs. */
export const Flag = { empty: 4, compact: 8, isMerged: 16, isStale: 32 } as const;
export const family = 7;
export const listStart = 8;
export const listPlaces = 8;
export const tableStart = 12;
export const registersStart = 40;

/** A coupon is a value's slot, 26 bits wide, and the register that it asks for, 6 bits. */
export const slotBits = 26;
export const slotMask = (1 << slotBits) - 1;
