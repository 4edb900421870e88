import { Arena } from './arena.ts';
import { copyBytes } from './byte-runs.ts';

const absent = -1;

/** The rows that a batch has changed, in the order of their first change, each with the value it had before. */
export class ChangeList {
  count = 0;
  /** Address of the row's block, address of the value before, its length (negative when there was none). */
  private ints = new Int32Array(3 * 64);
  private readonly values = new Arena();

  /** Where the block of the changed row is. */
  addressAt(change: number): number {
    return this.ints[change * 3] as number;
  }

  /** The block of the changed row has moved. */
  move(change: number, address: number): void {
    this.ints[change * 3] = address;
  }

  /** Whether a block is that of this change: a number that was noted in an earlier batch, or never, is of another block or of none. */
  isOf(change: number, address: number): boolean {
    return change < this.count && this.ints[change * 3] === address;
  }

  /** Bytes of the value before the batch; negative when the key was not there. */
  bytesBefore(change: number): number {
    return this.ints[change * 3 + 2] as number;
  }

  slabBefore(change: number): Uint8Array {
    return this.values.slabAt(this.ints[change * 3 + 1] as number);
  }

  offsetBefore(change: number): number {
    return this.values.offsetAt(this.ints[change * 3 + 1] as number);
  }

  addAbsent(address: number): void {
    this.push(address, 0, absent);
  }

  add(address: number, source: Uint8Array, at: number, sizeBytes: number): void {
    const kept = this.values.allocate(sizeBytes);
    copyBytes(source, at, this.values.slabAt(kept), this.values.offsetAt(kept), sizeBytes);
    this.push(address, kept, sizeBytes);
  }

  clear(): void {
    this.count = 0;
    this.values.clear();
    // The room of one exceptional batch is not kept for ever.
    if (this.ints.length > 3 * 65_536) this.ints = new Int32Array(3 * 64);
  }

  private push(address: number, before: number, sizeBytes: number): void {
    const at = this.count * 3;
    if (at >= this.ints.length) {
      const larger = new Int32Array(this.ints.length * 2);
      larger.set(this.ints);
      this.ints = larger;
    }
    this.ints[at] = address;
    this.ints[at + 1] = before;
    this.ints[at + 2] = sizeBytes;
    this.count++;
  }
}
