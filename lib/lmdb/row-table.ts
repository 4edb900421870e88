import { encodeKey } from '../kernel/codec.ts';
import { CodecReader } from '../kernel/codec-reader.ts';
import { ByteTable, type RowSource } from '../store/byte-table.ts';
import type { TableSize } from '../store/checkpoint-view.ts';
import { readDelta } from '../store/delta.ts';
import type { TableName } from '../store/state-store.ts';
import type { KeyRun, StateTable, unchanged } from '../store/state-table.ts';
import type { Reading } from './environment.ts';
import type { Key } from './keys.ts';
import { readRow, readRows, type Row } from './table-rows.ts';
import { undoPartBytes } from './undo-log.ts';

/** What a table with a row per key asks of its store. */
export interface RowTableOwner {
  readonly reading: Reading;
  /** Called before an operation: writes changes to the file where those of all tables have become many. Not while a user's function runs. */
  relieve(table: RowTable<unknown, unknown>): void;
  /** Runs a user's function, which may use tables: rows that are at hand stay where they are meanwhile. */
  within<T>(call: () => T): T;
}

/** The changes of a table that are not in the file yet. */
export interface RowChanges {
  /** Undefined for a removed key. */
  readonly rows: readonly (readonly [key: Uint8Array, value: Uint8Array | undefined])[];
  /** What undoes them, in parts. */
  readonly undo: readonly Uint8Array[];
  readonly sizeBytes: number;
  /** What the table holds with them. */
  readonly after: TableSize;
}

const reader = new CodecReader();

/** So many keys of a visit between two looks at the room that is left. */
const visitStep = 256;

/** A table of so few keys and bytes is held as a whole once it was visited, until the memory is needed. */
const smallTableRows = 1000;
const smallTableBytes = 128 << 10;

/**
 * A table whose keys are rows of the file. In memory are the keys that the batch has touched, and for a while those of the batches
 * before; a visit of all keys reads them from the file a piece at a time.
 *
 * Visits come by the keys in the order of the file, then by those that the batch has added.
 */
export class RowTable<K, V> implements StateTable<K, V>, RowSource {
  readonly name: TableName;
  /** Its number in the file, from its first write on. */
  id: number | undefined;
  /** What is in the file, the batch's changes that were written early included. */
  written: TableSize;
  /** What was in the file when the version began that is being made. */
  committed: TableSize;
  since: number;
  private readonly owner: RowTableOwner;
  private readonly held: ByteTable<K, V>;
  /** Keys that were added while all are visited and replaced. */
  private born: Set<string> | undefined;
  /** What is not held is not in the file either. */
  private isWhole: boolean;
  /** Counts the times that rows of the file were changed. */
  private epoch = 0;

  constructor(
    owner: RowTableOwner,
    name: TableName,
    stored?: TableSize & { readonly id: number; readonly since: number },
  ) {
    this.owner = owner;
    this.name = name;
    this.id = stored?.id;
    this.since = stored?.since ?? 0;
    this.written = { rows: stored?.rows ?? 0, sizeBytes: stored?.sizeBytes ?? 0 };
    this.committed = this.written;
    this.held = new ByteTable(name.operator, this);
    this.isWhole = stored === undefined;
  }

  get size(): number {
    return this.written.rows + this.held.addedKeys;
  }

  /** In the file; what is changed in memory is not counted. */
  get sizeBytes(): number {
    return this.written.sizeBytes;
  }

  /** Keys changed in memory. */
  get touched(): number {
    return this.held.touched;
  }

  get memoryBytes(): number {
    return this.held.memoryBytes;
  }

  has(key: K): boolean {
    this.relieve();
    return this.held.has(key);
  }

  get(key: K): V | undefined {
    this.relieve();
    return this.held.get(key);
  }

  put(key: K, value: V): void {
    this.relieve();
    const before = this.held.addedKeys;
    this.held.put(key, value);
    this.noticeBirth(key, before);
  }

  remove(key: K): boolean {
    this.relieve();
    return this.held.remove(key);
  }

  update(key: K, next: (value: V | undefined) => V | null | undefined): V | null | undefined {
    this.relieve();
    const before = this.held.addedKeys;
    const result = this.owner.within(() => this.held.update(key, next));
    this.noticeBirth(key, before);
    return result;
  }

  revise(key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): void {
    this.relieve();
    const before = this.held.addedKeys;
    this.owner.within(() => {
      this.held.revise(key, next);
    });
    this.noticeBirth(key, before);
  }

  reviseEach(run: KeyRun<K, V>): void {
    for (const [at, key] of run.keys.entries()) {
      run.at = at;
      this.revise(key, (value) => run.next(value));
    }
  }

  reviseAt(_: number, key: K, next: (value: V | undefined) => V | null | undefined | typeof unchanged): number {
    this.revise(key, next);
    return 0;
  }

  warm(): void {
    // Most keys are in the file, where each is read by itself.
  }

  warmAt(): void {
    // As `warm`.
  }

  updateEach(next: (key: K, value: V) => V | null | undefined): void {
    for (const step of this.updateInSteps(next)) void step;
  }

  *updateInSteps(next: (key: K, value: V) => V | null | undefined): Generator<number> {
    const outer = this.born;
    this.born ??= new Set();
    let visited = 0;
    try {
      for (const [key, value] of this.visit()) {
        const result = this.owner.within(() => next(reader.whole(key) as K, reader.whole(value) as V));
        this.held.replace(key, value, result);
        if (++visited % visitStep !== 0) continue;
        this.relieve();
        yield visitStep;
      }
    } finally {
      this.born = outer;
    }
  }

  forEach(visit: (key: K, value: V) => void): void {
    for (const [key, value] of this.visit()) visit(reader.whole(key) as K, reader.whole(value) as V);
  }

  *entries(): Generator<readonly [K, V]> {
    for (const [key, value] of this.visit()) yield [reader.whole(key) as K, reader.whole(value) as V];
  }

  /** For the table in memory: what the file has of a key. */
  read(bytes: Uint8Array, at: number, keyBytes: number): Uint8Array | undefined {
    return this.id === undefined || this.isWhole
      ? undefined
      : readRow(this.owner.reading, this.id, bytes, at, keyBytes);
  }

  /** What has to be written; undefined when nothing really changed. */
  changes(): RowChanges | undefined {
    if (this.held.touched === 0) return undefined;
    const delta = this.held.packDelta(undoPartBytes).finish();
    if (delta.length === 0) return undefined;
    const undo = this.held.packUndo(undoPartBytes).finish();
    const rows: (readonly [Uint8Array, Uint8Array | undefined])[] = [];
    let { rows: count, sizeBytes } = this.written;
    for (const part of delta) {
      readDelta(part, (bytes, at, keyBytes, valueBytes) => {
        const valueAt = at + keyBytes;
        const value = valueBytes < 0 ? undefined : bytes.subarray(valueAt, valueAt + valueBytes);
        rows.push([bytes.subarray(at, valueAt), value]);
        if (value === undefined) return;
        count += 1;
        sizeBytes += keyBytes + valueBytes;
      });
    }
    for (const part of undo) {
      readDelta(part, (_, __, keyBytes, valueBytes) => {
        if (valueBytes < 0) return;
        count -= 1;
        sizeBytes -= keyBytes + valueBytes;
      });
    }
    const deltaBytes = delta.reduce((sum, part) => sum + part.length, 0);
    return { rows, undo, sizeBytes: deltaBytes, after: { rows: count, sizeBytes } };
  }

  /** The changes are in the file. */
  accept(after: TableSize | undefined): void {
    this.held.accept();
    if (after !== undefined) this.written = after;
    this.epoch += 1;
  }

  /** The changes in memory go, and those in the file have gone. */
  discard(): void {
    if (this.written === this.committed) {
      this.held.discard();
      return;
    }
    this.forget();
    this.written = this.committed;
    this.epoch += 1;
  }

  /** Gives the memory back; nothing in it may be changed. */
  forget(): void {
    this.held.clear();
    this.isWhole = false;
  }

  private relieve(): void {
    this.owner.relieve(this);
  }

  private noticeBirth(key: K, addedBefore: number): void {
    if (this.born !== undefined && this.held.addedKeys > addedBefore) this.born.add(textOf(encodeKey(key)));
  }

  /**
   * All keys with their values. What is held in memory is newer than the file; a key that the batch has added may go to the file while
   * the visit is under way, so those of the beginning come last, whatever has become of them, and later ones not at all.
   */
  private *visit(): Generator<Row> {
    if (this.holdsWhole()) {
      yield* this.current(this.held.heldKeys(), (key) => this.isBorn(key));
      return;
    }
    const added = this.held.addedSinceCommit();
    const apart = new Set(added.map(textOf));
    const isApart = (key: Uint8Array): boolean => {
      if (apart.size === 0 && (this.born === undefined || this.born.size === 0)) return false;
      const text = textOf(key);
      return apart.has(text) || this.born?.has(text) === true;
    };
    let from: Key | undefined;
    while (this.id !== undefined) {
      const { rows, next } = readRows(this.owner.reading, this.id, from);
      const { epoch } = this;
      for (const [key, stored] of rows) {
        if (isApart(key)) continue;
        const held = this.held.peek(key);
        if (held === null) continue;
        const value = held ?? (epoch === this.epoch ? stored : this.read(key, 0, key.length));
        if (value !== undefined) yield [key, value];
      }
      if (next === undefined) break;
      from = next;
    }
    yield* this.current(added, () => false);
  }

  private isBorn(key: Uint8Array): boolean {
    return this.born !== undefined && this.born.size > 0 && this.born.has(textOf(key));
  }

  /** Keys with their values at the moment, those that are there. */
  private *current(keys: readonly Uint8Array[], isLeftOut: (key: Uint8Array) => boolean): Generator<Row> {
    for (const key of keys) {
      if (isLeftOut(key)) continue;
      const held = this.held.peek(key);
      const value = held === undefined ? this.read(key, 0, key.length) : held;
      if (value !== null && value !== undefined) yield [key, value];
    }
  }

  /** Whether a visit can do without the file. A small table is taken into memory for it. */
  private holdsWhole(): boolean {
    if (this.size > smallTableRows) return false;
    if (this.isWhole || this.id === undefined) return true;
    if (this.written.rows > smallTableRows || this.written.sizeBytes > smallTableBytes) return false;
    for (let from: Key | undefined; ;) {
      const { rows, next } = readRows(this.owner.reading, this.id, from);
      for (const [key, value] of rows) this.held.hold(key, value);
      if (next === undefined) break;
      from = next;
    }
    this.isWhole = true;
    return true;
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
