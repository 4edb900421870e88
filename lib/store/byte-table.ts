import { CodecReader } from '../kernel/codec-reader.ts';
import { CodecWriter } from '../kernel/codec-writer.ts';
import { smallInt } from '../kernel/codec-tags.ts';
import { MillraceError } from '../kernel/errors.ts';
import { Arena, capacityFor } from './arena.ts';
import { copyBytes, equalBytes } from './byte-runs.ts';
import { ChangeList } from './change-list.ts';
import { DeltaWriter, readDelta } from './delta.ts';
import { RowIndex } from './row-index.ts';
import {
  addressField,
  capacityField,
  changeField,
  hashField,
  keyBytesField,
  RowList,
  valueBytesField,
} from './row-list.ts';
import { type StateTable, unchanged } from './state-table.ts';

/** Encodes keys and values of all tables. Each use begins where it found the end and puts it back: uses may nest. */
const scratch = new CodecWriter(4096);
const reader = new CodecReader();

const gone = -1;
const rebuildFromBytes = 8 << 20;
const compactFromRows = 1024;
const rowsPerStep = 2048;

/** Part of a base: the entries, and the row to go on with (undefined at the end). */
export interface BasePart {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly nextRow: number | undefined;
}

/** Where keys are that a table does not hold in memory. */
export interface RowSource {
  /** The committed value of the key that stands in `bytes`, encoded; undefined when it has none. */
  read(bytes: Uint8Array, at: number, keyBytes: number): Uint8Array | undefined;
}

/**
 * The keyed table behind every state store: keys and values encoded in an arena, rows of integers beside it, a list of what the
 * batch has changed with the values of before.
 *
 * - Rows stand in the order in which their keys first came; a removed key leaves a hole until its batch is committed.
 * - `discard` puts back every value of before; `accept` ends a batch.
 * - `pack...` reads only; `apply` writes around the list of changes and is for loading.
 * - With a `source` the table holds only part of the keys: one that it is asked for and does not hold is brought in from there, as a
 *   committed row. `size` and the visits then count what is held; the owner adds the rest.
 */
export class ByteTable<K, V> implements StateTable<K, V> {
  private readonly label: string;
  private readonly source: RowSource | undefined;
  private arena = new Arena();
  private readonly rows = new RowList();
  private readonly index = new RowIndex();
  private readonly changes = new ChangeList();
  private live = 0;
  private holes = 0;
  /** Rows keep their numbers while a base is being packed. */
  private pinned = false;
  /** Keys that the source has, too. */
  private broughtIn = 0;

  /** `label` names the table in errors: the operator's id. */
  constructor(label: string, source?: RowSource) {
    this.label = label;
    this.source = source;
  }

  get size(): number {
    return this.live;
  }

  get sizeBytes(): number {
    return this.arena.usedBytes;
  }

  /** Memory held for keys and values, room for later ones included. */
  get heldBytes(): number {
    return this.arena.heldBytes;
  }

  /** Keys that this batch has touched; some may have got their old value back. */
  get touched(): number {
    return this.changes.count;
  }

  /** Keys that the batch has added, less those that it has removed: the difference to what the source has. */
  get addedKeys(): number {
    return this.live - this.broughtIn;
  }

  /** Memory held by keys, values and their rows. */
  get memoryBytes(): number {
    return this.arena.heldBytes + this.rows.count * 40;
  }

  has(key: K): boolean {
    return this.locate(key) >= 0;
  }

  get(key: K): V | undefined {
    const row = this.locate(key);
    return row < 0 ? undefined : this.valueAt(row);
  }

  put(key: K, value: V): void {
    const start = scratch.length;
    try {
      scratch.key(key);
      const keyEnd = scratch.length;
      scratch.value(value);
      this.store(start, keyEnd, scratch.length);
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  remove(key: K): boolean {
    const row = this.locate(key);
    if (row < 0) return false;
    this.removeRow(row);
    return true;
  }

  update(key: K, next: (value: V | undefined) => V | null | undefined): V | null | undefined {
    const row = this.locate(key);
    const result = next(row < 0 ? undefined : this.valueAt(row));
    this.settle(key, row, result);
    return result;
  }

  revise(key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): void {
    const row = this.locate(key);
    const result = next(row < 0 ? undefined : this.valueAt(row));
    if (result !== unchanged) this.settle(key, row, result);
  }

  /** Stores what a function made of the value of a key that was found at `row`, or not at all. */
  private settle(key: K, row: number, result: V | null | undefined): void {
    if (result === undefined || result === null) {
      // `next` may have used this table itself: what holds now counts.
      if (row >= 0 && this.isLive(row)) this.removeRow(row);
      else if (row < 0) this.remove(key);
    } else if (row >= 0 && this.isLive(row)) this.replaceValue(row, result);
    else this.put(key, result);
  }

  updateEach(next: (key: K, value: V) => V | null | undefined): void {
    this.updateRows(0, this.rows.count, next);
  }

  *updateInSteps(next: (key: K, value: V) => V | null | undefined): Generator<number> {
    const until = this.rows.count;
    for (let row = 0; row < until; row += rowsPerStep) {
      const end = Math.min(until, row + rowsPerStep);
      this.updateRows(row, end, next);
      yield end - row;
    }
  }

  forEach(visit: (key: K, value: V) => void): void {
    for (let row = 0; row < this.rows.count; row++) {
      if (this.isLive(row)) visit(this.keyAt(row), this.valueAt(row));
    }
  }

  *entries(): Generator<readonly [K, V]> {
    for (let row = 0; row < this.rows.count; row++) {
      if (this.isLive(row)) yield [this.keyAt(row), this.valueAt(row)];
    }
  }

  /** What is held of an encoded key, without asking the source: its value, null when it was removed, undefined when nothing is. */
  peek(key: Uint8Array): Uint8Array | null | undefined {
    const row = this.search(key, 0, key.length, hashOf(key, 0, key.length));
    if (row < 0) return undefined;
    const valueBytes = this.rows.get(row, valueBytesField);
    if (valueBytes < 0) return null;
    const address = this.rows.get(row, addressField);
    const from = this.arena.offsetAt(address) + key.length;
    return this.arena.slabAt(address).slice(from, from + valueBytes);
  }

  /** Takes in an encoded key with its committed value, unless it is held already. */
  hold(key: Uint8Array, value: Uint8Array): void {
    const hash = hashOf(key, 0, key.length);
    if (this.search(key, 0, key.length, hash) < 0) this.bringIn(key, 0, key.length, value, hash);
  }

  /** The keys that are held now, encoded. */
  heldKeys(): Uint8Array[] {
    const keys: Uint8Array[] = [];
    for (let row = 0; row < this.rows.count; row++) if (this.isLive(row)) keys.push(this.keyBytesOf(row));
    return keys;
  }

  /** Encoded keys that are held now and were not there before the batch. */
  addedSinceCommit(): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let change = 0; change < this.changes.count; change++) {
      const row = this.changes.rowAt(change);
      if (this.changes.bytesBefore(change) < 0 && this.isLive(row)) found.push(this.keyBytesOf(row));
    }
    return found;
  }

  /**
   * Replaces the value of a key that a visit came by; `before` is its encoded value. A key that was removed since stays so; one that
   * keeps its value is not taken into memory.
   */
  replace(key: Uint8Array, before: Uint8Array, next: V | null | undefined): void {
    const hash = hashOf(key, 0, key.length);
    let row = this.search(key, 0, key.length, hash);
    if (row >= 0 && !this.isLive(row)) return;
    if (next === null || next === undefined) {
      this.removeRow(row >= 0 ? row : this.bringIn(key, 0, key.length, before, hash));
      return;
    }
    const start = scratch.length;
    try {
      scratch.value(next);
      const valueBytes = scratch.length - start;
      if (row < 0) {
        if (valueBytes === before.length && equalBytes(scratch.bytes, start, before, 0, valueBytes)) return;
        row = this.bringIn(key, 0, key.length, before, hash);
      }
      this.changeValue(row, scratch.bytes, start, valueBytes);
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  /** Holds nothing any more; what the batch has changed must have been accepted or may be lost. */
  clear(): void {
    this.changes.clear();
    this.live = 0;
    this.holes = 0;
    this.broughtIn = 0;
    this.rows.truncate(0);
    this.index.clear();
    this.arena.clear();
  }

  /** The batch's changes: keys whose bytes differ from before. */
  packDelta(partBytes: number): DeltaWriter {
    const writer = new DeltaWriter(partBytes);
    for (let change = 0; change < this.changes.count; change++) {
      const row = this.changes.rowAt(change);
      const valueBytes = this.rows.get(row, valueBytesField);
      if (this.isUnchanged(change, row, valueBytes)) continue;
      const address = this.rows.get(row, addressField);
      writer.add(
        this.arena.slabAt(address),
        this.arena.offsetAt(address),
        this.rows.get(row, keyBytesField),
        valueBytes,
      );
    }
    return writer;
  }

  /** What leads from the state after this batch back to the one before. */
  packUndo(partBytes: number): DeltaWriter {
    const writer = new DeltaWriter(partBytes);
    for (let change = 0; change < this.changes.count; change++) {
      const row = this.changes.rowAt(change);
      if (this.isUnchanged(change, row, this.rows.get(row, valueBytesField))) continue;
      const address = this.rows.get(row, addressField);
      const before = this.changes.bytesBefore(change);
      writer.addApart(
        this.arena.slabAt(address),
        this.arena.offsetAt(address),
        this.rows.get(row, keyBytesField),
        before < 0 ? this.arena.slabAt(address) : this.changes.slabBefore(change),
        before < 0 ? 0 : this.changes.offsetBefore(change),
        before,
      );
    }
    return writer;
  }

  /**
   * One part of all keys with their values, from `fromRow`. Between two parts batches may be committed: parts packed while the
   * versions go from v to w, followed by the deltas after v, give the state of w and of any later version.
   *
   * Must not be called with changes pending. Rows keep their numbers from the first part until `endBase`.
   */
  packBase(fromRow: number, partBytes: number): BasePart {
    this.pinned = true;
    const writer = new DeltaWriter(partBytes * 2);
    let row = fromRow;
    for (; row < this.rows.count && writer.sizeBytes < partBytes; row++) {
      if (!this.isLive(row)) continue;
      const address = this.rows.get(row, addressField);
      writer.add(
        this.arena.slabAt(address),
        this.arena.offsetAt(address),
        this.rows.get(row, keyBytesField),
        this.rows.get(row, valueBytesField),
      );
    }
    const isLast = row >= this.rows.count;
    return { bytes: joined(writer.finish()), rows: writer.count, nextRow: isLast ? undefined : row };
  }

  /** All keys with the values of the last committed version, whatever the batch has changed since. */
  packCommitted(partBytes: number): readonly Uint8Array[] {
    const { rows, arena, changes } = this;
    const writer = new DeltaWriter(partBytes);
    for (let row = 0; row < rows.count; row++) {
      const keyBytes = rows.get(row, keyBytesField);
      if (keyBytes < 0) continue;
      const address = rows.get(row, addressField);
      const slab = arena.slabAt(address);
      const at = arena.offsetAt(address);
      const change = rows.get(row, changeField) - 1;
      if (change < 0) writer.add(slab, at, keyBytes, rows.get(row, valueBytesField));
      else if (changes.bytesBefore(change) >= 0) {
        writer.addApart(
          slab,
          at,
          keyBytes,
          changes.slabBefore(change),
          changes.offsetBefore(change),
          changes.bytesBefore(change),
        );
      }
    }
    return writer.finish();
  }

  /** The base is complete, or given up. */
  endBase(): void {
    this.pinned = false;
  }

  /** Makes room for `count` keys at once. */
  reserve(count: number): void {
    this.index.reserve(count);
  }

  /** Puts the entries of a delta or base in place. */
  apply(part: Uint8Array): void {
    readDelta(part, (source, at, keyBytes, valueBytes) => {
      const hash = hashOf(source, at, keyBytes);
      const row = this.find(source, at, keyBytes, hash);
      if (valueBytes < 0) {
        if (row >= 0) {
          this.live--;
          this.purge(row);
        }
      } else if (row < 0) {
        this.insert(source, at, keyBytes, at + keyBytes, valueBytes, hash);
        this.live++;
      } else this.writeValue(row, source, at + keyBytes, valueBytes);
    });
    this.tidy();
  }

  /** The batch's changes stay: they are the state of before for the next batch. */
  accept(): void {
    const { changes, rows } = this;
    for (let change = 0; change < changes.count; change++) {
      const row = changes.rowAt(change);
      if (rows.get(row, valueBytesField) < 0) this.purge(row);
      else rows.set(row, changeField, 0);
    }
    changes.clear();
    this.broughtIn = this.live;
    this.tidy();
  }

  /** The batch's changes go. */
  discard(): void {
    const { changes, rows } = this;
    for (let change = changes.count - 1; change >= 0; change--) {
      const row = changes.rowAt(change);
      const before = changes.bytesBefore(change);
      const isLive = this.isLive(row);
      if (before < 0) {
        if (isLive) this.live--;
        this.purge(row);
        continue;
      }
      if (!isLive) this.live++;
      this.writeValue(row, changes.slabBefore(change), changes.offsetBefore(change), before);
      rows.set(row, changeField, 0);
    }
    changes.clear();
    this.tidy();
  }

  private updateRows(from: number, until: number, next: (key: K, value: V) => V | null | undefined): void {
    for (let row = from; row < until; row++) {
      if (!this.isLive(row)) continue;
      const result = next(this.keyAt(row), this.valueAt(row));
      if (!this.isLive(row)) continue;
      if (result === undefined || result === null) this.removeRow(row);
      else this.replaceValue(row, result);
    }
  }

  private locate(key: K): number {
    const start = scratch.length;
    try {
      scratch.key(key);
      const keyBytes = scratch.length - start;
      const row = this.find(scratch.bytes, start, keyBytes, hashOf(scratch.bytes, start, keyBytes));
      return row >= 0 && this.isLive(row) ? row : gone;
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  /** The row of a key, also of one that was removed in this batch; negative when there is none. Brings it in from the source. */
  private find(bytes: Uint8Array, at: number, keyBytes: number, hash: number): number {
    const row = this.search(bytes, at, keyBytes, hash);
    if (row >= 0 || this.source === undefined) return row;
    const value = this.source.read(bytes, at, keyBytes);
    return value === undefined ? gone : this.bringIn(bytes, at, keyBytes, value, hash);
  }

  /** Takes in a key that is committed elsewhere. */
  private bringIn(bytes: Uint8Array, at: number, keyBytes: number, value: Uint8Array, hash: number): number {
    const row = this.insertApart(bytes, at, keyBytes, value, 0, value.length, hash);
    this.live++;
    this.broughtIn++;
    return row;
  }

  private search(source: Uint8Array, at: number, keyBytes: number, hash: number): number {
    const { rows, arena } = this;
    const { slots, mask } = this.index;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot * 2] as number;
      if (entry === 0) return gone;
      if (slots[slot * 2 + 1] !== hash) continue;
      const row = entry - 1;
      const chunk = rows.chunk(row);
      const fields = rows.at(row);
      if (chunk[fields + keyBytesField] !== keyBytes) continue;
      const address = chunk[fields + addressField] as number;
      if (equalBytes(arena.slabAt(address), arena.offsetAt(address), source, at, keyBytes)) return row;
    }
  }

  /** Stores the key and value that stand in the scratch buffer one behind the other. */
  private store(start: number, keyEnd: number, valueEnd: number): void {
    const { bytes } = scratch;
    const keyBytes = keyEnd - start;
    const hash = hashOf(bytes, start, keyBytes);
    const row = this.find(bytes, start, keyBytes, hash);
    if (row >= 0) {
      this.changeValue(row, bytes, keyEnd, valueEnd - keyEnd);
      return;
    }
    const added = this.insert(bytes, start, keyBytes, keyEnd, valueEnd - keyEnd, hash);
    this.live++;
    this.changes.addAbsent(added);
    this.rows.set(added, changeField, this.changes.count);
  }

  private replaceValue(row: number, value: V): void {
    const start = scratch.length;
    try {
      scratch.value(value);
      this.changeValue(row, scratch.bytes, start, scratch.length - start);
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  private changeValue(row: number, source: Uint8Array, at: number, valueBytes: number): void {
    const { rows, arena } = this;
    const chunk = rows.chunk(row);
    const fields = rows.at(row);
    const address = chunk[fields + addressField] as number;
    const valueAt = arena.offsetAt(address) + (chunk[fields + keyBytesField] as number);
    const old = chunk[fields + valueBytesField] as number;
    if (old === valueBytes && equalBytes(arena.slabAt(address), valueAt, source, at, valueBytes)) return;
    if (old < 0) this.live++;
    this.remember(row);
    this.writeValue(row, source, at, valueBytes);
  }

  private removeRow(row: number): void {
    this.remember(row);
    this.rows.set(row, valueBytesField, gone);
    this.live--;
  }

  /** Keeps the value of before the batch, once. */
  private remember(row: number): void {
    const { rows, arena, changes } = this;
    const chunk = rows.chunk(row);
    const fields = rows.at(row);
    if (chunk[fields + changeField] !== 0) return;
    const address = chunk[fields + addressField] as number;
    const valueAt = arena.offsetAt(address) + (chunk[fields + keyBytesField] as number);
    changes.add(row, arena.slabAt(address), valueAt, chunk[fields + valueBytesField] as number);
    chunk[fields + changeField] = changes.count;
  }

  private insert(
    source: Uint8Array,
    keyAt: number,
    keyBytes: number,
    valueAt: number,
    valueBytes: number,
    hash: number,
  ): number {
    return this.insertApart(source, keyAt, keyBytes, source, valueAt, valueBytes, hash);
  }

  private insertApart(
    source: Uint8Array,
    keyAt: number,
    keyBytes: number,
    value: Uint8Array,
    valueAt: number,
    valueBytes: number,
    hash: number,
  ): number {
    const address = this.arena.allocate(keyBytes + valueBytes);
    const slab = this.arena.slabAt(address);
    const at = this.arena.offsetAt(address);
    copyBytes(source, keyAt, slab, at, keyBytes);
    copyBytes(value, valueAt, slab, at + keyBytes, valueBytes);
    const row = this.rows.push(hash, address, keyBytes, capacityFor(keyBytes + valueBytes), valueBytes);
    this.index.insert(row, hash);
    return row;
  }

  /** Overwrites in place where the block has room and is not much too large, moves to another block where not. */
  private writeValue(row: number, source: Uint8Array, from: number, valueBytes: number): void {
    const { rows, arena } = this;
    const chunk = rows.chunk(row);
    const fields = rows.at(row);
    const keyBytes = chunk[fields + keyBytesField] as number;
    const capacity = chunk[fields + capacityField] as number;
    let address = chunk[fields + addressField] as number;
    const needed = keyBytes + valueBytes;
    if (needed > capacity || needed * 4 < capacity) {
      const moved = arena.allocate(needed);
      copyBytes(arena.slabAt(address), arena.offsetAt(address), arena.slabAt(moved), arena.offsetAt(moved), keyBytes);
      arena.free(address, capacity);
      address = moved;
      chunk[fields + addressField] = address;
      chunk[fields + capacityField] = capacityFor(needed);
    }
    copyBytes(source, from, arena.slabAt(address), arena.offsetAt(address) + keyBytes, valueBytes);
    chunk[fields + valueBytesField] = valueBytes;
  }

  private purge(row: number): void {
    const { rows } = this;
    this.index.remove(row, rows.get(row, hashField));
    this.arena.free(rows.get(row, addressField), rows.get(row, capacityField));
    rows.set(row, keyBytesField, gone);
    rows.set(row, valueBytesField, gone);
    rows.set(row, changeField, 0);
    this.holes++;
  }

  /** Gives memory back after much was removed. The work is paid for by the removals that came before. */
  private tidy(): void {
    if (this.pinned) return;
    const { rows, arena } = this;
    if (this.holes > compactFromRows && this.holes * 2 > rows.count) this.compactRows();
    else if (this.live === 0 && rows.count > 0) this.compactRows();
    if (arena.heldBytes > rebuildFromBytes && arena.usedBytes * 4 < arena.heldBytes) this.rebuildArena();
  }

  private compactRows(): void {
    const { rows, index } = this;
    index.clear(this.live);
    let to = 0;
    for (let from = 0; from < rows.count; from++) {
      if (rows.get(from, keyBytesField) < 0) continue;
      if (from !== to) rows.move(from, to);
      index.insert(to, rows.get(to, hashField));
      to++;
    }
    rows.truncate(to);
    this.holes = 0;
    if (to === 0) this.arena.clear();
  }

  private rebuildArena(): void {
    const { rows, arena } = this;
    const fresh = new Arena();
    for (let row = 0; row < rows.count; row++) {
      const keyBytes = rows.get(row, keyBytesField);
      if (keyBytes < 0) continue;
      const sizeBytes = keyBytes + rows.get(row, valueBytesField);
      const old = rows.get(row, addressField);
      const address = fresh.allocate(sizeBytes);
      copyBytes(arena.slabAt(old), arena.offsetAt(old), fresh.slabAt(address), fresh.offsetAt(address), sizeBytes);
      rows.set(row, addressField, address);
      rows.set(row, capacityField, capacityFor(sizeBytes));
    }
    this.arena = fresh;
  }

  private isUnchanged(change: number, row: number, valueBytes: number): boolean {
    const before = this.changes.bytesBefore(change);
    if (before < 0 || valueBytes < 0) return before < 0 && valueBytes < 0;
    if (before !== valueBytes) return false;
    const address = this.rows.get(row, addressField);
    const at = this.arena.offsetAt(address) + this.rows.get(row, keyBytesField);
    return equalBytes(
      this.arena.slabAt(address),
      at,
      this.changes.slabBefore(change),
      this.changes.offsetBefore(change),
      before,
    );
  }

  private isLive(row: number): boolean {
    return this.rows.get(row, valueBytesField) >= 0;
  }

  private keyBytesOf(row: number): Uint8Array {
    const address = this.rows.get(row, addressField);
    const from = this.arena.offsetAt(address);
    return this.arena.slabAt(address).slice(from, from + this.rows.get(row, keyBytesField));
  }

  private keyAt(row: number): K {
    const address = this.rows.get(row, addressField);
    const at = this.arena.offsetAt(address);
    return reader.whole(this.arena.slabAt(address), at, at + this.rows.get(row, keyBytesField)) as K;
  }

  private valueAt(row: number): V {
    const chunk = this.rows.chunk(row);
    const fields = this.rows.at(row);
    const address = chunk[fields + addressField] as number;
    const slab = this.arena.slabAt(address);
    const at = this.arena.offsetAt(address) + (chunk[fields + keyBytesField] as number);
    const first = slab[at] as number;
    if (first >= smallInt) return (first & 127) as V;
    return reader.whole(slab, at, at + (chunk[fields + valueBytesField] as number)) as V;
  }

  private located(error: unknown): unknown {
    if (!(error instanceof MillraceError) || error.where !== undefined) return error;
    return new MillraceError(error.code, error.params, { cause: error.cause, where: { operator: this.label } });
  }
}

/** FNV-1a with the bits spread, from another start than the partitioner's: keys of one partition must not share their low bits. */
function hashOf(bytes: Uint8Array, from: number, sizeBytes: number): number {
  let hash = 0x9747b28c | 0;
  for (let i = from; i < from + sizeBytes; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
