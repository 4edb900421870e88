const firstSlots = 16;

/** Stands where a slot is free: no block begins at this address. */
const free = -1;

/**
 * Hash to the address of a row's block by open addressing with linear probing; no marks of removed rows are left behind. At most five
 * eighths of the slots are taken. A slot also holds the hash: growing and most misses need not look at the blocks, which are far
 * apart in memory.
 */
export class RowIndex {
  /** Two integers a slot: address (-1 where free) and hash. The slot of a hash begins at `(hash & mask) * 2`. */
  slots: Int32Array = freeSlots(firstSlots);
  mask: number = firstSlots - 1;
  private count = 0;

  insert(address: number, hash: number): void {
    if ((this.count + 1) * 8 > (this.mask + 1) * 5) this.resize((this.mask + 1) * 2);
    this.count++;
    this.place(address, hash);
  }

  /** The first block whose row has this hash, -1 where there is none: mostly that of the key. */
  probe(hash: number): number {
    const { slots, mask } = this;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const address = slots[slot * 2] as number;
      if (address === free || slots[slot * 2 + 1] === hash) return address;
    }
  }

  /** The block of a row is at another address now. */
  replace(from: number, to: number, hash: number): void {
    this.slots[this.slotOf(from, hash) * 2] = to;
  }

  remove(address: number, hash: number): void {
    const { slots, mask } = this;
    let hole = this.slotOf(address, hash);
    // What stands behind the hole moves up, unless it would come before its own first slot.
    for (let slot = (hole + 1) & mask; slots[slot * 2] !== free; slot = (slot + 1) & mask) {
      const home = (slots[slot * 2 + 1] as number) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        slots[hole * 2] = slots[slot * 2] as number;
        slots[hole * 2 + 1] = slots[slot * 2 + 1] as number;
        hole = slot;
      }
    }
    slots[hole * 2] = free;
    this.count--;
  }

  /** Makes room for `count` rows in all. */
  reserve(count: number): void {
    const size = sizeFor(count);
    if (size > this.mask + 1) this.resize(size);
  }

  /** Starts over with room for `count` rows. */
  clear(count = 0): void {
    const size = sizeFor(count);
    this.slots = freeSlots(size);
    this.mask = size - 1;
    this.count = 0;
  }

  private slotOf(address: number, hash: number): number {
    const { slots, mask } = this;
    let slot = hash & mask;
    while (slots[slot * 2] !== address) slot = (slot + 1) & mask;
    return slot;
  }

  private place(address: number, hash: number): void {
    const { slots, mask } = this;
    let slot = hash & mask;
    while (slots[slot * 2] !== free) slot = (slot + 1) & mask;
    slots[slot * 2] = address;
    slots[slot * 2 + 1] = hash;
  }

  private resize(size: number): void {
    const old = this.slots;
    this.slots = freeSlots(size);
    this.mask = size - 1;
    for (let at = 0; at < old.length; at += 2) {
      const address = old[at] as number;
      if (address !== free) this.place(address, old[at + 1] as number);
    }
  }
}

function freeSlots(size: number): Int32Array {
  return new Int32Array(size * 2).fill(free);
}

function sizeFor(count: number): number {
  let size = firstSlots;
  while (count * 8 > size * 5) size *= 2;
  return size;
}
