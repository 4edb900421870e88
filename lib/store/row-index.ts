const firstSlots = 16;

/**
 * Hash to row by open addressing with linear probing; no marks of removed rows are left behind. At most five eighths of the slots
 * are taken. A slot also holds the hash: growing and most misses need not look at the rows, which are far apart in memory.
 */
export class RowIndex {
  /** Two integers a slot: row + 1 (0 where free) and hash. The slot of a hash begins at `(hash & mask) * 2`. */
  slots = new Int32Array(firstSlots * 2);
  mask: number = firstSlots - 1;
  private count = 0;

  insert(row: number, hash: number): void {
    if ((this.count + 1) * 8 > (this.mask + 1) * 5) this.resize((this.mask + 1) * 2);
    this.count++;
    this.place(row + 1, hash);
  }

  remove(row: number, hash: number): void {
    const { slots, mask } = this;
    let hole = hash & mask;
    while (slots[hole * 2] !== row + 1) hole = (hole + 1) & mask;
    // What stands behind the hole moves up, unless it would come before its own first slot.
    for (let slot = (hole + 1) & mask; slots[slot * 2] !== 0; slot = (slot + 1) & mask) {
      const home = (slots[slot * 2 + 1] as number) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        slots[hole * 2] = slots[slot * 2] as number;
        slots[hole * 2 + 1] = slots[slot * 2 + 1] as number;
        hole = slot;
      }
    }
    slots[hole * 2] = 0;
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
    this.slots = new Int32Array(size * 2);
    this.mask = size - 1;
    this.count = 0;
  }

  private place(entry: number, hash: number): void {
    const { slots, mask } = this;
    let slot = hash & mask;
    while (slots[slot * 2] !== 0) slot = (slot + 1) & mask;
    slots[slot * 2] = entry;
    slots[slot * 2 + 1] = hash;
  }

  private resize(size: number): void {
    const old = this.slots;
    this.slots = new Int32Array(size * 2);
    this.mask = size - 1;
    for (let at = 0; at < old.length; at += 2) {
      const entry = old[at] as number;
      if (entry !== 0) this.place(entry, old[at + 1] as number);
    }
  }
}

function sizeFor(count: number): number {
  let size = firstSlots;
  while (count * 8 > size * 5) size *= 2;
  return size;
}
