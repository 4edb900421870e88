import { raise } from '../kernel/errors.ts';

const slabBytes = 1 << 20;
const firstSlabBytes = 1 << 10;
/** A block larger than this has a slab of its own, which is given back when the block is freed. */
const ownSlabFrom = 1 << 16;
/** An address counts in words of 4 bytes: 14 bits slab, 18 bits word. */
const offsetBits = 18;
const offsetMask = (1 << offsetBits) - 1;
const maxSlabs = 1 << (32 - offsetBits);
const nothing = new Uint8Array(0);

/**
 * Blocks of bytes off the JavaScript heap. A freed block is given out again for a block of the same capacity; capacities come in
 * steps of an eighth, so at most that much of a block is unused.
 *
 * An address is a 32-bit integer, never -1: `slabAt(address)` and `offsetAt(address)` say where its bytes are. Slabs may be replaced by
 * larger ones, so neither is kept across an `allocate`.
 */
export class Arena {
  private slabs: Uint8Array[] = [];
  /** The same memory in words of four bytes. */
  private words: Int32Array[] = [];
  private freeSlabs: number[] = [];
  /** Capacity to the first free block of it; each free block begins with the address of the next, plus 1. */
  private freeBlocks = new Map<number, number>();
  private current = -1;
  private top = 0;
  /** Bytes of all slabs. */
  heldBytes = 0;
  /** Capacity of the blocks that are given out. */
  usedBytes = 0;

  slabAt(address: number): Uint8Array {
    return this.slabs[address >>> offsetBits] as Uint8Array;
  }

  offsetAt(address: number): number {
    return (address & offsetMask) << 2;
  }

  /** The slab as words: those of the block begin at `wordAt(address)`. */
  wordsAt(address: number): Int32Array {
    return this.words[address >>> offsetBits] as Int32Array;
  }

  wordAt(address: number): number {
    return address & offsetMask;
  }

  /** A block for `sizeBytes`; its capacity is `capacityFor(sizeBytes)`. */
  allocate(sizeBytes: number): number {
    const capacity = capacityFor(sizeBytes);
    this.usedBytes += capacity;
    if (capacity > ownSlabFrom) return this.addSlab(capacity) << offsetBits;
    const free = this.freeBlocks.get(capacity) ?? 0;
    if (free !== 0) {
      const address = (free - 1) | 0;
      this.freeBlocks.set(capacity, this.readNext(address));
      return address;
    }
    if (this.current < 0 || this.top + capacity > (this.slabs[this.current] as Uint8Array).length)
      this.makeRoom(capacity);
    const address = (this.current << offsetBits) | (this.top >>> 2);
    this.top += capacity;
    return address;
  }

  free(address: number, sizeBytes: number): void {
    const capacity = capacityFor(sizeBytes);
    this.usedBytes -= capacity;
    if (capacity > ownSlabFrom) {
      const index = address >>> offsetBits;
      this.heldBytes -= (this.slabs[index] as Uint8Array).length;
      this.put(index, nothing);
      this.freeSlabs.push(index);
      return;
    }
    this.writeNext(address, this.freeBlocks.get(capacity) ?? 0);
    this.freeBlocks.set(capacity, (address >>> 0) + 1);
  }

  /** Frees every block at once. */
  clear(): void {
    if (this.heldBytes === 0) return;
    const [first] = this.slabs;
    const kept = first !== undefined && first.length > 0 && first.length <= slabBytes ? first : undefined;
    this.slabs = [];
    this.words = [];
    if (kept !== undefined) this.put(0, kept);
    this.freeSlabs = [];
    this.freeBlocks.clear();
    this.current = kept === undefined ? -1 : 0;
    this.top = 0;
    this.heldBytes = kept?.length ?? 0;
    this.usedBytes = 0;
  }

  private makeRoom(capacity: number): void {
    const slab = this.slabs[this.current];
    if (slab !== undefined && slab.length < slabBytes) {
      // A small table has a small slab: it grows by copying until it has the size of all others.
      const larger = new Uint8Array(Math.min(slabBytes, Math.max(slab.length * 2, this.top + capacity)));
      if (this.top + capacity <= larger.length) {
        larger.set(slab);
        this.put(this.current, larger);
        this.heldBytes += larger.length - slab.length;
        return;
      }
    }
    this.current = this.addSlab(this.current < 0 ? Math.max(firstSlabBytes, capacity) : slabBytes);
    this.top = 0;
  }

  private addSlab(sizeBytes: number): number {
    const index = this.freeSlabs.pop() ?? this.slabs.length;
    if (index >= maxSlabs) raise('STATE_TABLE_TOO_LARGE', { megabytes: Math.round(this.heldBytes / 1e6) });
    this.put(index, new Uint8Array(sizeBytes));
    this.heldBytes += sizeBytes;
    return index;
  }

  private put(index: number, slab: Uint8Array): void {
    this.slabs[index] = slab;
    this.words[index] = new Int32Array(slab.buffer);
  }

  private readNext(address: number): number {
    const slab = this.slabAt(address);
    const at = this.offsetAt(address);
    let next = 0;
    for (let i = 4; i >= 0; i--) next = next * 256 + (slab[at + i] as number);
    return next;
  }

  private writeNext(address: number, next: number): void {
    const slab = this.slabAt(address);
    const at = this.offsetAt(address);
    let rest = next;
    for (let i = 0; i < 5; i++) {
      slab[at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
}

/** Sizes that share free blocks: multiples of 8 up to 64, then eight steps for each doubling. */
export function capacityFor(sizeBytes: number): number {
  if (sizeBytes <= 64) return sizeBytes <= 8 ? 8 : (sizeBytes + 7) & ~7;
  const step = 1 << (28 - Math.clz32(sizeBytes - 1));
  return Math.ceil(sizeBytes / step) * step;
}
