import { Arena } from './arena.ts';
import { copyBytes, equalBytes } from './byte-runs.ts';

const absent = -1;
const none = -1;

/** Integers of a change. The key of an entry stands first, its value behind it. */
const addressField = 0;
const beforeField = 1;
/** Negative when there was none. */
const beforeBytesField = 2;
const entryField = 3;
const entryKeyBytesField = 4;
/** Negative when the key was removed. */
const entryValueBytesField = 5;
const fields = 6;

/** What is larger is read from its block at the end of the batch: to copy it at each change would take longer than to find it then. */
const largestEntry = 64;
const firstEntryBytes = 1024;
const keptChanges = 65_536;
const keptEntryBytes = 2 << 20;

/**
 * The rows that a batch has changed, in the order of their first change, each with the value it had before.
 *
 * Small ones are here with their key and what they have now, too, one behind the other: what the commit packs is then read in order, and not
 * from blocks all over the memory.
 */
export class ChangeList {
  count = 0;
  /** Keys and values of small changes; what `entryAt` and the lengths say. */
  entries: Uint8Array = new Uint8Array(firstEntryBytes);
  private entriesEnd = 0;
  private ints = new Int32Array(fields * 64);
  private readonly values = new Arena();

  /** Where the block of the changed row is. */
  addressAt(change: number): number {
    return this.ints[change * fields + addressField] as number;
  }

  /** The block of the changed row has moved. */
  move(change: number, address: number): void {
    this.ints[change * fields + addressField] = address;
  }

  /** Whether a block is that of this change: a number that was noted in an earlier batch, or never, is of another block or of none. */
  isOf(change: number, address: number): boolean {
    return change < this.count && this.ints[change * fields + addressField] === address;
  }

  /** Bytes of the value before the batch; negative when the key was not there. */
  bytesBefore(change: number): number {
    return this.ints[change * fields + beforeBytesField] as number;
  }

  slabBefore(change: number): Uint8Array {
    return this.values.slabAt(this.ints[change * fields + beforeField] as number);
  }

  offsetBefore(change: number): number {
    return this.values.offsetAt(this.ints[change * fields + beforeField] as number);
  }

  /** Where the key and value of a small change are among the entries; negative for one that is only in its block. */
  entryAt(change: number): number {
    return this.ints[change * fields + entryField] as number;
  }

  entryKeyBytes(change: number): number {
    return this.ints[change * fields + entryKeyBytesField] as number;
  }

  entryValueBytes(change: number): number {
    return this.ints[change * fields + entryValueBytesField] as number;
  }

  /** Whether the entry of a change says what was there before the batch. */
  isEntryUnchanged(change: number): boolean {
    const before = this.bytesBefore(change);
    const after = this.entryValueBytes(change);
    if (before < 0 || after < 0) return before < 0 && after < 0;
    if (before !== after) return false;
    const valueAt = this.entryAt(change) + this.entryKeyBytes(change);
    return equalBytes(this.entries, valueAt, this.slabBefore(change), this.offsetBefore(change), before);
  }

  addAbsent(address: number): void {
    this.push(address, 0, absent);
  }

  add(address: number, source: Uint8Array, at: number, sizeBytes: number): void {
    const kept = this.values.allocate(sizeBytes);
    copyBytes(source, at, this.values.slabAt(kept), this.values.offsetAt(kept), sizeBytes);
    this.push(address, kept, sizeBytes);
  }

  /** What a change has come to: the value stands in `value`, `valueBytes` is negative for a removed key. */
  note(
    change: number,
    key: Uint8Array,
    keyAt: number,
    keyBytes: number,
    value: Uint8Array,
    valueAt: number,
    valueBytes: number,
  ): void {
    const { ints } = this;
    const at = change * fields;
    const sizeBytes = keyBytes + Math.max(0, valueBytes);
    if (sizeBytes > largestEntry) {
      ints[at + entryField] = none;
      return;
    }
    let entry = ints[at + entryField] as number;
    const isInPlace = entry !== none && (valueBytes < 0 || ints[at + entryValueBytesField] === valueBytes);
    if (!isInPlace) {
      entry = this.addEntry(sizeBytes);
      ints[at + entryField] = entry;
      ints[at + entryKeyBytesField] = keyBytes;
      copyBytes(key, keyAt, this.entries, entry, keyBytes);
    }
    ints[at + entryValueBytesField] = valueBytes;
    if (valueBytes > 0) copyBytes(value, valueAt, this.entries, entry + keyBytes, valueBytes);
  }

  clear(): void {
    this.count = 0;
    this.entriesEnd = 0;
    this.values.clear();
    // The room of one exceptional batch is not kept for ever.
    if (this.ints.length > fields * keptChanges) this.ints = new Int32Array(fields * 64);
    if (this.entries.length > keptEntryBytes) this.entries = new Uint8Array(firstEntryBytes);
  }

  private addEntry(sizeBytes: number): number {
    const entry = this.entriesEnd;
    this.entriesEnd += sizeBytes;
    if (this.entriesEnd > this.entries.length) {
      const larger = new Uint8Array(this.entries.length * 2);
      larger.set(this.entries);
      this.entries = larger;
    }
    return entry;
  }

  private push(address: number, before: number, sizeBytes: number): void {
    const at = this.count * fields;
    if (at >= this.ints.length) {
      const larger = new Int32Array(this.ints.length * 2);
      larger.set(this.ints);
      this.ints = larger;
    }
    this.ints[at + addressField] = address;
    this.ints[at + beforeField] = before;
    this.ints[at + beforeBytesField] = sizeBytes;
    this.ints[at + entryField] = none;
    this.count++;
  }
}
