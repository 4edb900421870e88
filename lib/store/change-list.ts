import { Arena } from './arena.ts';
import { copyBytes } from './byte-runs.ts';

const absent = -1;

/** The rows that a batch has changed, in the order of their first change, each with the value it had before. */
export class ChangeList {
  count = 0;
  /** Row, address of the value before, its length (negative when there was none). */
  private ints = new Int32Array(3 * 64);
  private readonly values = new Arena();

  rowAt(change: number): number {
    return this.ints[change * 3] as number;
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

  addAbsent(row: number): void {
    this.push(row, 0, absent);
  }

  add(row: number, source: Uint8Array, at: number, sizeBytes: number): void {
    const address = this.values.allocate(sizeBytes);
    copyBytes(source, at, this.values.slabAt(address), this.values.offsetAt(address), sizeBytes);
    this.push(row, address, sizeBytes);
  }

  clear(): void {
    this.count = 0;
    this.values.clear();
    // The room of one exceptional batch is not kept for ever.
    if (this.ints.length > 3 * 65_536) this.ints = new Int32Array(3 * 64);
  }

  private push(row: number, address: number, sizeBytes: number): void {
    const at = this.count * 3;
    if (at >= this.ints.length) {
      const larger = new Int32Array(this.ints.length * 2);
      larger.set(this.ints);
      this.ints = larger;
    }
    this.ints[at] = row;
    this.ints[at + 1] = address;
    this.ints[at + 2] = sizeBytes;
    this.count++;
  }
}
