const firstSlots = 16;

/** Where the rows of a table are looked at while searching. */
export interface RowHashes {
  hashAt(row: number): number;
}

/**
 * Hash to row by open addressing with linear probing; no marks of removed rows are left behind. At most five eighths of the slots
 * are taken.
 */
export class RowIndex {
  /** Row + 1, 0 where free. */
  slots = new Int32Array(firstSlots);
  mask: number = firstSlots - 1;
  private count = 0;
  private readonly rows: RowHashes;

  constructor(rows: RowHashes) {
    this.rows = rows;
  }

  insert(row: number, hash: number): void {
    if ((this.count + 1) * 8 > this.slots.length * 5) this.resize(this.slots.length * 2);
    this.count++;
    this.place(row, hash);
  }

  remove(row: number, hash: number): void {
    const { slots, mask } = this;
    let hole = hash & mask;
    while (slots[hole] !== row + 1) hole = (hole + 1) & mask;
    // What stands behind the hole moves up, unless it would come before its own first slot.
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.rows.hashAt((slots[slot] as number) - 1) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        slots[hole] = slots[slot] as number;
        hole = slot;
      }
    }
    slots[hole] = 0;
    this.count--;
  }

  /** Starts over with room for `count` rows. */
  clear(count = 0): void {
    let size = firstSlots;
    while (count * 8 > size * 5) size *= 2;
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    this.count = 0;
  }

  private place(row: number, hash: number): void {
    const { slots, mask } = this;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = row + 1;
  }

  private resize(size: number): void {
    const old = this.slots;
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    for (const entry of old) if (entry !== 0) this.place(entry - 1, this.rows.hashAt(entry - 1));
  }
}
