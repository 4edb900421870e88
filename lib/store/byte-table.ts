import { CodecReader } from '../kernel/codec-reader.ts';
import { CodecWriter } from '../kernel/codec-writer.ts';
import { smallInt } from '../kernel/codec-tags.ts';
import { MillraceError } from '../kernel/errors.ts';
import { Arena, capacityFor } from './arena.ts';
import { copyBytes, equalBytes } from './byte-runs.ts';
import { ChangeList } from './change-list.ts';
import { DeltaWriter, readDelta } from './delta.ts';
import { RowIndex } from './row-index.ts';
import { RowList } from './row-list.ts';
import { type KeyRun, type StateTable, unchanged, warmKeys } from './state-table.ts';

/** Encodes keys and values of all tables. Each use begins where it found the end and puts it back: uses may nest. */
const scratch = new CodecWriter(4096);
const reader = new CodecReader();

/** Stands for the address of a key that is not there. */
const nowhere = -1;
const gone = -1;
/** Hashes or places of keys that are read ahead; as many keys at a time as fit into the nearest memory. */
const warmed = new Int32Array(warmKeys);

/** Where the keys of a run end in the scratch buffer, and their hashes. */
interface EncodedKeys {
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
}
/** Taken by a run while it lasts: its function may begin another one. */
let spareKeys: EncodedKeys | undefined;

/** Words at the head of a row's block; key and value follow. A key that is found is read with what is known of it: both are near. */
const rowField = 0;
const hashField = 1;
const keyBytesField = 2;
/** Negative for a key that was removed in this batch. */
const valueBytesField = 3;
/** Bytes of the block. */
const capacityField = 4;
/** Number of the row among the changes of the batch; counts only if that change is of this block. */
const changeField = 5;
const headBytes = 24;
const rebuildFromBytes = 8 << 20;
const compactFromRows = 1024;
const rowsPerStep = 2048;

/** A place is the number of a row and of the generation in which it has that number. */
const rowsInGeneration = 2 ** 32;
let lastGeneration = 0;
const mostKnownKeys = 1 << 18;

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
 * The keyed table behind every state store: a block for each row in an arena, with its key and value encoded, and a list of what the
 * batch has changed with the values of before.
 *
 * - A block is known by its address, which changes when its value outgrows it; the row's number stays. Rows stand in the order in which their keys first came; a removed key leaves a hole until its batch is committed.
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
  /** Keys that the batch has removed; some may have come back. */
  private removals = 0;
  /** Counts what makes addresses wrong: blocks that moved or went. */
  private moves = 0;
  /** Rows keep their numbers while a base is being packed. */
  private pinned = false;
  /** Keys that the source has, too. */
  private broughtIn = 0;
  /** Of no other table, nor of this one when its rows had other numbers. */
  private generation = ++lastGeneration;
  /** By row: the key, where it is a text that comes again and again. */
  private knownKeys: (K | undefined)[] = [];

  /** `label` names the table in errors: the operator's id. */
  constructor(label: string, source?: RowSource) {
    this.label = label;
    this.source = source;
  }

  get size(): number {
    return this.live;
  }

  get sizeBytes(): number {
    return this.arena.usedBytes - (this.rows.count - this.holes) * headBytes;
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
    return this.arena.heldBytes + this.rows.count * 20;
  }

  has(key: K): boolean {
    return this.locate(key) !== nowhere;
  }

  get(key: K): V | undefined {
    const address = this.locate(key);
    return address === nowhere ? undefined : this.valueAt(address);
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
    const address = this.locate(key);
    if (address === nowhere) return false;
    this.removeAt(address);
    return true;
  }

  update(key: K, next: (value: V | undefined) => V | null | undefined): V | null | undefined {
    const address = this.locate(key);
    const { moves } = this;
    const result = next(address === nowhere ? undefined : this.valueAt(address));
    this.settle(key, moves === this.moves ? address : this.locate(key), result);
    return result;
  }

  revise(key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): void {
    const address = this.locate(key);
    const { moves } = this;
    const result = next(address === nowhere ? undefined : this.valueAt(address));
    if (result !== unchanged) this.settle(key, moves === this.moves ? address : this.locate(key), result);
  }

  reviseEach(run: KeyRun<K, V>): void {
    const start = scratch.length;
    const encoded = spareKeys ?? { ends: new Int32Array(warmKeys), hashes: new Int32Array(warmKeys) };
    spareKeys = undefined;
    try {
      for (let from = 0; from < run.keys.length; from += warmKeys) {
        this.reviseSome(run, from, Math.min(run.keys.length, from + warmKeys), encoded);
        scratch.length = start;
      }
    } finally {
      scratch.length = start;
      spareKeys = encoded;
    }
  }

  reviseAt(place: number, key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): number {
    const found = this.addressAt(place);
    const placed = this.isLive(found) ? found : nowhere;
    const address = placed === nowhere ? this.locate(key) : placed;
    const { moves } = this;
    const result = next(address === nowhere ? undefined : this.valueAt(address));
    if (moves !== this.moves) {
      // `next` has used this table itself.
      if (result !== unchanged) this.settle(key, this.locate(key), result);
      return 0;
    }
    const row = address === nowhere ? this.rows.count : this.field(address, rowField);
    if (result !== unchanged) this.settle(key, address, result);
    if (placed !== nowhere) return place;
    // A key that was removed and comes back in the same batch has its old row, one that stays away has none.
    if (address === nowhere && this.rows.count === row) return 0;
    this.knowKey(row, key);
    return this.generation * rowsInGeneration + row;
  }

  warm(keys: readonly K[]): void {
    const start = scratch.length;
    const count = Math.min(keys.length, warmed.length);
    try {
      for (let i = 0; i < count; i++) {
        scratch.length = start;
        scratch.key(keys[i]);
        warmed[i] = hashOf(scratch.bytes, start, scratch.length - start);
      }
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
    this.readAhead(warmed, count);
  }

  warmAt(places: Float64Array, ids: Int32Array, from: number): void {
    const count = Math.min(ids.length - from, warmed.length);
    for (let i = 0; i < count; i++) warmed[i] = this.addressAt(places[ids[from + i] as number] as number);
    this.readBlocks(count, 0);
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
      const address = this.rows.get(row);
      if (this.isLive(address)) visit(this.keyAt(address), this.valueAt(address));
    }
  }

  *entries(): Generator<readonly [K, V]> {
    for (let row = 0; row < this.rows.count; row++) {
      const address = this.rows.get(row);
      if (this.isLive(address)) yield [this.keyAt(address), this.valueAt(address)];
    }
  }

  /** What is held of an encoded key, without asking the source: its value, null when it was removed, undefined when nothing is. */
  peek(key: Uint8Array): Uint8Array | null | undefined {
    const address = this.search(key, 0, key.length, hashOf(key, 0, key.length));
    if (address === nowhere) return undefined;
    const valueBytes = this.field(address, valueBytesField);
    if (valueBytes < 0) return null;
    const from = this.arena.offsetAt(address) + headBytes + key.length;
    return this.arena.slabAt(address).slice(from, from + valueBytes);
  }

  /** Takes in an encoded key with its committed value, unless it is held already. */
  hold(key: Uint8Array, value: Uint8Array): void {
    const hash = hashOf(key, 0, key.length);
    if (this.search(key, 0, key.length, hash) === nowhere) this.bringIn(key, 0, key.length, value, hash);
  }

  /** The keys that are held now, encoded. */
  heldKeys(): Uint8Array[] {
    const keys: Uint8Array[] = [];
    for (let row = 0; row < this.rows.count; row++) {
      const address = this.rows.get(row);
      if (this.isLive(address)) keys.push(this.keyBytesOf(address));
    }
    return keys;
  }

  /** Encoded keys that are held now and were not there before the batch. */
  addedSinceCommit(): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let change = 0; change < this.changes.count; change++) {
      const address = this.changes.addressAt(change);
      if (this.changes.bytesBefore(change) < 0 && this.isLive(address)) found.push(this.keyBytesOf(address));
    }
    return found;
  }

  /**
   * Replaces the value of a key that a visit came by; `before` is its encoded value. A key that was removed since stays so; one that
   * keeps its value is not taken into memory.
   */
  replace(key: Uint8Array, before: Uint8Array, next: V | null | undefined): void {
    const hash = hashOf(key, 0, key.length);
    let address = this.search(key, 0, key.length, hash);
    if (address !== nowhere && !this.isLive(address)) return;
    if (next === null || next === undefined) {
      this.removeAt(address === nowhere ? this.bringIn(key, 0, key.length, before, hash) : address);
      return;
    }
    const start = scratch.length;
    try {
      scratch.value(next);
      const valueBytes = scratch.length - start;
      if (address === nowhere) {
        if (valueBytes === before.length && equalBytes(scratch.bytes, start, before, 0, valueBytes)) return;
        address = this.bringIn(key, 0, key.length, before, hash);
      }
      this.changeValue(address, scratch.bytes, start, valueBytes);
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
    this.removals = 0;
    this.moves++;
    this.generation = ++lastGeneration;
    this.knownKeys = [];
    this.broughtIn = 0;
    this.rows.truncate(0);
    this.index.clear();
    this.arena.clear();
  }

  /** The batch's changes: keys whose bytes differ from before. */
  packDelta(partBytes: number): DeltaWriter {
    const { changes, arena } = this;
    const writer = new DeltaWriter(partBytes);
    for (let change = 0; change < changes.count; change++) {
      const entry = changes.entryAt(change);
      if (entry >= 0) {
        if (changes.isEntryUnchanged(change)) continue;
        writer.add(changes.entries, entry, changes.entryKeyBytes(change), changes.entryValueBytes(change));
        continue;
      }
      const address = changes.addressAt(change);
      if (this.isUnchanged(change, address)) continue;
      const words = arena.wordsAt(address);
      const head = arena.wordAt(address);
      writer.add(
        arena.slabAt(address),
        arena.offsetAt(address) + headBytes,
        words[head + keyBytesField] as number,
        words[head + valueBytesField] as number,
      );
    }
    return writer;
  }

  /** What leads from the state after this batch back to the one before. */
  packUndo(partBytes: number): DeltaWriter {
    const { changes, arena } = this;
    const writer = new DeltaWriter(partBytes);
    for (let change = 0; change < changes.count; change++) {
      const entry = changes.entryAt(change);
      const address = changes.addressAt(change);
      if (entry >= 0 ? changes.isEntryUnchanged(change) : this.isUnchanged(change, address)) continue;
      const before = changes.bytesBefore(change);
      writer.addApart(
        entry >= 0 ? changes.entries : arena.slabAt(address),
        entry >= 0 ? entry : arena.offsetAt(address) + headBytes,
        entry >= 0 ? changes.entryKeyBytes(change) : this.field(address, keyBytesField),
        before < 0 ? arena.slabAt(address) : changes.slabBefore(change),
        before < 0 ? 0 : changes.offsetBefore(change),
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
    const { rows, arena } = this;
    const writer = new DeltaWriter(partBytes * 2);
    let row = fromRow;
    for (; row < rows.count && writer.sizeBytes < partBytes; row++) {
      const address = rows.get(row);
      if (!this.isLive(address)) continue;
      writer.add(
        arena.slabAt(address),
        arena.offsetAt(address) + headBytes,
        this.field(address, keyBytesField),
        this.field(address, valueBytesField),
      );
    }
    const isLast = row >= rows.count;
    return { bytes: joined(writer.finish()), rows: writer.count, nextRow: isLast ? undefined : row };
  }

  /** All keys with the values of the last committed version, whatever the batch has changed since. */
  packCommitted(partBytes: number): readonly Uint8Array[] {
    const { rows, arena, changes } = this;
    const writer = new DeltaWriter(partBytes);
    for (let row = 0; row < rows.count; row++) {
      if (rows.isHole(row)) continue;
      const address = rows.get(row);
      const slab = arena.slabAt(address);
      const at = arena.offsetAt(address) + headBytes;
      const keyBytes = this.field(address, keyBytesField);
      const change = this.field(address, changeField);
      if (!changes.isOf(change, address)) writer.add(slab, at, keyBytes, this.field(address, valueBytesField));
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
      const address = this.find(source, at, keyBytes, hash);
      if (valueBytes < 0) {
        if (address !== nowhere) {
          this.live--;
          this.purge(address);
        }
      } else if (address === nowhere) {
        this.insert(source, at, keyBytes, source, at + keyBytes, valueBytes, hash);
        this.live++;
      } else this.writeValue(address, source, at + keyBytes, valueBytes);
    });
    this.tidy();
  }

  /** Takes part of the changes that the same table has made and packed elsewhere: they are changes of this batch, as if made here. */
  absorb(part: Uint8Array): void {
    readDelta(part, (source, at, keyBytes, valueBytes) => {
      const hash = hashOf(source, at, keyBytes);
      const address = this.find(source, at, keyBytes, hash);
      if (valueBytes < 0) {
        if (address !== nowhere && this.isLive(address)) this.removeAt(address);
      } else if (address === nowhere) this.addRow(source, at, keyBytes, at + keyBytes, valueBytes, hash);
      else this.changeValue(address, source, at + keyBytes, valueBytes);
    });
  }

  /** The batch's changes stay: they are the state of before for the next batch. */
  accept(): void {
    const { changes } = this;
    // Blocks need not be told: a number among the changes counts for as long as the list has it.
    for (let change = 0; this.removals > 0 && change < changes.count; change++) {
      const address = changes.addressAt(change);
      if (!this.isLive(address)) this.purge(address);
    }
    this.removals = 0;
    changes.clear();
    this.broughtIn = this.live;
    this.tidy();
  }

  /** The batch's changes go. */
  discard(): void {
    const { changes } = this;
    for (let change = changes.count - 1; change >= 0; change--) {
      const address = changes.addressAt(change);
      const before = changes.bytesBefore(change);
      const isLive = this.isLive(address);
      if (before < 0) {
        if (isLive) this.live--;
        this.purge(address);
        continue;
      }
      if (!isLive) this.live++;
      this.writeValue(address, changes.slabBefore(change), changes.offsetBefore(change), before);
    }
    this.removals = 0;
    changes.clear();
    this.tidy();
  }

  /** The keys of a run from one on, at most `warmKeys`: encoded, read ahead, then revised in order. */
  private reviseSome(run: KeyRun<K, V>, from: number, until: number, { ends, hashes }: EncodedKeys): void {
    const { keys } = run;
    let begin = scratch.length;
    for (let at = from; at < until; at++) {
      run.at = at;
      const start = scratch.length;
      try {
        scratch.key(keys[at]);
      } catch (error) {
        throw this.located(error);
      }
      ends[at - from] = scratch.length;
      hashes[at - from] = hashOf(scratch.bytes, start, scratch.length - start);
    }
    this.readAhead(hashes, until - from);
    for (let at = from; at < until; at++) {
      run.at = at;
      const end = ends[at - from] as number;
      const found = this.find(scratch.bytes, begin, end - begin, hashes[at - from] as number);
      begin = end;
      const address = this.isLive(found) ? found : nowhere;
      const { moves } = this;
      const key = keys[at] as K;
      const result = run.next(address === nowhere ? undefined : this.valueAt(address));
      if (result !== unchanged) this.settle(key, moves === this.moves ? address : this.locate(key), result);
    }
  }

  /** Reads what a look-up of these hashes will read: the slots, then the heads of the blocks. */
  private readAhead(hashes: Int32Array, count: number): void {
    const { slots, mask } = this.index;
    // Loops of nothing but independent reads: the processor has many of them under way at once.
    let read = 0;
    for (let i = 0; i < count; i++) read ^= slots[((hashes[i] as number) & mask) * 2] as number;
    for (let i = 0; i < count; i++) warmed[i] = this.index.probe(hashes[i] as number);
    this.readBlocks(count, read);
  }

  /** Reads the blocks at the first addresses of `warmed`. */
  private readBlocks(count: number, before: number): void {
    const { arena } = this;
    let read = before;
    for (let i = 0; i < count; i++) {
      const address = warmed[i] as number;
      if (address !== nowhere) read ^= arena.wordsAt(address)[arena.wordAt(address) + keyBytesField] as number;
    }
    // What is read has to be of use, or it would not be read.
    warmed[0] = read;
  }

  private updateRows(from: number, until: number, next: (key: K, value: V) => V | null | undefined): void {
    for (let row = from; row < until; row++) {
      let address = this.rows.get(row);
      if (!this.isLive(address)) continue;
      const { moves } = this;
      const result = next(this.keyAt(address), this.valueAt(address));
      // `next` may have used this table itself.
      if (moves !== this.moves) address = this.rows.get(row);
      if (!this.isLive(address)) continue;
      if (result === undefined || result === null) this.removeAt(address);
      else this.replaceValue(address, result);
    }
  }

  /** Stores what a function made of the value of a key that is at `address`, or nowhere. */
  private settle(key: K, address: number, result: V | null | undefined): void {
    if (result === undefined || result === null) {
      // `next` may have used this table itself: what holds now counts.
      if (address === nowhere) this.remove(key);
      else if (this.isLive(address)) this.removeAt(address);
    } else if (address !== nowhere && this.isLive(address)) this.replaceValue(address, result);
    else this.put(key, result);
  }

  private locate(key: K): number {
    const start = scratch.length;
    try {
      scratch.key(key);
      const keyBytes = scratch.length - start;
      const address = this.find(scratch.bytes, start, keyBytes, hashOf(scratch.bytes, start, keyBytes));
      return this.isLive(address) ? address : nowhere;
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  /** The block of a key, also of one that was removed in this batch. Brings it in from the source. */
  private find(bytes: Uint8Array, at: number, keyBytes: number, hash: number): number {
    const address = this.search(bytes, at, keyBytes, hash);
    if (address !== nowhere || this.source === undefined) return address;
    const value = this.source.read(bytes, at, keyBytes);
    return value === undefined ? nowhere : this.bringIn(bytes, at, keyBytes, value, hash);
  }

  /** Takes in a key that is committed elsewhere. */
  private bringIn(bytes: Uint8Array, at: number, keyBytes: number, value: Uint8Array, hash: number): number {
    const address = this.insert(bytes, at, keyBytes, value, 0, value.length, hash);
    this.live++;
    this.broughtIn++;
    return address;
  }

  private search(source: Uint8Array, at: number, keyBytes: number, hash: number): number {
    const { arena } = this;
    const { slots, mask } = this.index;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const address = slots[slot * 2] as number;
      if (address === nowhere) return nowhere;
      if (slots[slot * 2 + 1] !== hash) continue;
      if (arena.wordsAt(address)[arena.wordAt(address) + keyBytesField] !== keyBytes) continue;
      if (equalBytes(arena.slabAt(address), arena.offsetAt(address) + headBytes, source, at, keyBytes)) return address;
    }
  }

  /** Stores the key and value that stand in the scratch buffer one behind the other. */
  private store(start: number, keyEnd: number, valueEnd: number): void {
    const { bytes } = scratch;
    const keyBytes = keyEnd - start;
    const hash = hashOf(bytes, start, keyBytes);
    const address = this.find(bytes, start, keyBytes, hash);
    if (address !== nowhere) {
      this.changeValue(address, bytes, keyEnd, valueEnd - keyEnd);
      return;
    }
    this.addRow(bytes, start, keyBytes, keyEnd, valueEnd - keyEnd, hash);
  }

  /** Adds a key that was not there: a change of the batch. */
  private addRow(
    bytes: Uint8Array,
    at: number,
    keyBytes: number,
    valueAt: number,
    valueBytes: number,
    hash: number,
  ): void {
    const added = this.insert(bytes, at, keyBytes, bytes, valueAt, valueBytes, hash);
    this.live++;
    const { changes } = this;
    const change = changes.count;
    this.setField(added, changeField, change);
    changes.addAbsent(added);
    changes.note(change, bytes, at, keyBytes, bytes, valueAt, valueBytes);
  }

  private replaceValue(address: number, value: V): void {
    const start = scratch.length;
    try {
      scratch.value(value);
      this.changeValue(address, scratch.bytes, start, scratch.length - start);
    } catch (error) {
      throw this.located(error);
    } finally {
      scratch.length = start;
    }
  }

  private changeValue(address: number, source: Uint8Array, at: number, valueBytes: number): void {
    const { arena } = this;
    const words = arena.wordsAt(address);
    const head = arena.wordAt(address);
    const old = words[head + valueBytesField] as number;
    const keyBytes = words[head + keyBytesField] as number;
    const slab = arena.slabAt(address);
    const keyAt = arena.offsetAt(address) + headBytes;
    if (old === valueBytes && equalBytes(slab, keyAt + keyBytes, source, at, valueBytes)) return;
    if (old < 0) this.live++;
    const change = this.remember(address);
    // The block may move when the value is written.
    this.changes.note(change, slab, keyAt, keyBytes, source, at, valueBytes);
    this.writeValue(address, source, at, valueBytes);
  }

  private removeAt(address: number): void {
    const { arena } = this;
    const slab = arena.slabAt(address);
    const change = this.remember(address);
    const keyBytes = this.field(address, keyBytesField);
    this.changes.note(change, slab, arena.offsetAt(address) + headBytes, keyBytes, slab, 0, gone);
    this.setField(address, valueBytesField, gone);
    this.live--;
    this.removals++;
  }

  /** Keeps the value of before the batch, once. Gives the number of the change. */
  private remember(address: number): number {
    const { arena, changes } = this;
    const words = arena.wordsAt(address);
    const head = arena.wordAt(address);
    const known = words[head + changeField] as number;
    if (changes.isOf(known, address)) return known;
    const change = changes.count;
    words[head + changeField] = change;
    const valueAt = arena.offsetAt(address) + headBytes + (words[head + keyBytesField] as number);
    changes.add(address, arena.slabAt(address), valueAt, words[head + valueBytesField] as number);
    return change;
  }

  private insert(
    source: Uint8Array,
    keyAt: number,
    keyBytes: number,
    value: Uint8Array,
    valueAt: number,
    valueBytes: number,
    hash: number,
  ): number {
    const { arena } = this;
    const needed = headBytes + keyBytes + valueBytes;
    const address = arena.allocate(needed);
    const slab = arena.slabAt(address);
    const at = arena.offsetAt(address) + headBytes;
    copyBytes(source, keyAt, slab, at, keyBytes);
    copyBytes(value, valueAt, slab, at + keyBytes, valueBytes);
    const words = arena.wordsAt(address);
    const head = arena.wordAt(address);
    words[head + rowField] = this.rows.push(address);
    words[head + hashField] = hash;
    words[head + keyBytesField] = keyBytes;
    words[head + valueBytesField] = valueBytes;
    words[head + capacityField] = capacityFor(needed);
    // The change of this number may be of another block, and is not of this one.
    words[head + changeField] = 0;
    this.index.insert(address, hash);
    return address;
  }

  /** Overwrites in place where the block has room and is not much too large, moves to another block where not. */
  private writeValue(address: number, source: Uint8Array, from: number, valueBytes: number): void {
    const { arena } = this;
    const words = arena.wordsAt(address);
    const head = arena.wordAt(address);
    const keyBytes = words[head + keyBytesField] as number;
    const room = (words[head + capacityField] as number) - headBytes;
    const needed = keyBytes + valueBytes;
    words[head + valueBytesField] = valueBytes;
    const at = needed > room || needed * 4 < room ? this.moveBlock(address, keyBytes, headBytes + needed) : address;
    copyBytes(source, from, arena.slabAt(at), arena.offsetAt(at) + headBytes + keyBytes, valueBytes);
  }

  /** Gives a row another block, its value still to come. */
  private moveBlock(from: number, keyBytes: number, sizeBytes: number): number {
    const { arena, changes } = this;
    const change = this.field(from, changeField);
    const capacity = this.field(from, capacityField);
    const to = arena.allocate(sizeBytes);
    copyBytes(arena.slabAt(from), arena.offsetAt(from), arena.slabAt(to), arena.offsetAt(to), headBytes + keyBytes);
    this.setField(to, capacityField, capacityFor(sizeBytes));
    this.rows.set(this.field(to, rowField), to);
    this.index.replace(from, to, this.field(to, hashField));
    if (changes.isOf(change, from)) changes.move(change, to);
    arena.free(from, capacity);
    this.moves++;
    return to;
  }

  private purge(address: number): void {
    const row = this.field(address, rowField);
    this.index.remove(address, this.field(address, hashField));
    this.rows.empty(row);
    if (row < this.knownKeys.length) this.knownKeys[row] = undefined;
    this.arena.free(address, this.field(address, capacityField));
    this.holes++;
    this.moves++;
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
    const { rows, index, knownKeys } = this;
    index.clear(this.live);
    let to = 0;
    for (let from = 0; from < rows.count; from++) {
      if (rows.isHole(from)) continue;
      const address = rows.get(from);
      rows.set(to, address);
      this.setField(address, rowField, to);
      index.insert(address, this.field(address, hashField));
      if (from < knownKeys.length) knownKeys[to] = knownKeys[from];
      to++;
    }
    rows.truncate(to);
    knownKeys.length = Math.min(knownKeys.length, to);
    this.generation = ++lastGeneration;
    this.holes = 0;
    if (to === 0) this.arena.clear();
  }

  private rebuildArena(): void {
    const { rows, arena, index } = this;
    const fresh = new Arena();
    index.clear(this.live);
    for (let row = 0; row < rows.count; row++) {
      if (rows.isHole(row)) continue;
      const old = rows.get(row);
      const sizeBytes = headBytes + this.field(old, keyBytesField) + this.field(old, valueBytesField);
      const hash = this.field(old, hashField);
      const address = fresh.allocate(sizeBytes);
      copyBytes(arena.slabAt(old), arena.offsetAt(old), fresh.slabAt(address), fresh.offsetAt(address), sizeBytes);
      fresh.wordsAt(address)[fresh.wordAt(address) + capacityField] = capacityFor(sizeBytes);
      rows.set(row, address);
      index.insert(address, hash);
    }
    this.arena = fresh;
    this.moves++;
  }

  private isUnchanged(change: number, address: number): boolean {
    const before = this.changes.bytesBefore(change);
    const valueBytes = this.field(address, valueBytesField);
    if (before < 0 || valueBytes < 0) return before < 0 && valueBytes < 0;
    if (before !== valueBytes) return false;
    const at = this.arena.offsetAt(address) + headBytes + this.field(address, keyBytesField);
    return equalBytes(
      this.arena.slabAt(address),
      at,
      this.changes.slabBefore(change),
      this.changes.offsetBefore(change),
      before,
    );
  }

  private field(address: number, field: number): number {
    return this.arena.wordsAt(address)[this.arena.wordAt(address) + field] as number;
  }

  private setField(address: number, field: number, value: number): void {
    this.arena.wordsAt(address)[this.arena.wordAt(address) + field] = value;
  }

  private isLive(address: number): boolean {
    return address !== nowhere && this.field(address, valueBytesField) >= 0;
  }

  private keyBytesOf(address: number): Uint8Array {
    const from = this.arena.offsetAt(address) + headBytes;
    return this.arena.slabAt(address).slice(from, from + this.field(address, keyBytesField));
  }

  /** The block of a row that still is what it was, also of one that was removed in this batch; `nowhere` where that is not known. */
  private addressAt(place: number): number {
    const row = place - this.generation * rowsInGeneration;
    if (row < 0 || row >= this.rows.count) return nowhere;
    return this.rows.get(row);
  }

  private knowKey(row: number, key: K): void {
    if (typeof key !== 'string' || row >= mostKnownKeys) return;
    while (this.knownKeys.length <= row) this.knownKeys.push(undefined);
    this.knownKeys[row] = key;
  }

  private keyAt(address: number): K {
    if (this.knownKeys.length > 0) {
      const row = this.field(address, rowField);
      const known = row < this.knownKeys.length ? this.knownKeys[row] : undefined;
      if (known !== undefined) return known;
    }
    const at = this.arena.offsetAt(address) + headBytes;
    return reader.whole(this.arena.slabAt(address), at, at + this.field(address, keyBytesField)) as K;
  }

  private valueAt(address: number): V {
    const { arena } = this;
    const words = arena.wordsAt(address);
    const head = arena.wordAt(address);
    const slab = arena.slabAt(address);
    const at = arena.offsetAt(address) + headBytes + (words[head + keyBytesField] as number);
    const first = slab[at] as number;
    if (first >= smallInt) return (first & 127) as V;
    return reader.whole(slab, at, at + (words[head + valueBytesField] as number)) as V;
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
