import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase, type Transaction } from 'lmdb';
import { MillraceError, raise } from '../kernel/errors.ts';
import { reasonOf } from './access.ts';
import { freeBytes, megabytes } from './disk-space.ts';
import type { Key } from './keys.ts';
import { seal, unseal } from './seal.ts';

export const dataFileName = 'data.mdb';

/** Codes of the system and of LMDB for "no room": LMDB reports a failed write of pages as EIO. */
const ioErrors: ReadonlySet<unknown> = new Set([5, 'EIO', 'EFBIG']);
const certainlyFull: ReadonlySet<unknown> = new Set([28, 'ENOSPC', 'EDQUOT']);
const nearlyFullBytes = 16 << 20;

export interface EnvironmentOptions {
  readonly readOnly?: boolean;
  /** Address space to begin with; the store grows beyond it. */
  readonly mapSizeBytes?: number;
  /** Where LMDB looks for the files, when that is not the directory itself: a folder with a link to the data file. */
  readonly openedAt?: string;
}

/** What can be read in one consistent moment. Every value is checked against its seal. */
export interface Reading {
  get(key: Key): Uint8Array | undefined;
  /** Keys from `from` to before `until`, in order, as copies. */
  keys(from: Key, until: Key): readonly Key[];
  /** Keys from `from` to before `until` with their values, in order; ends early once it has about `enoughBytes`. */
  entries(from: Key, until: Key, enoughBytes: number): readonly (readonly [Key, Uint8Array])[];
}

/** What can be done inside a transaction. */
export interface Writing {
  put(key: Key, value: Uint8Array): void;
  remove(key: Key): void;
}

/**
 * The only place that calls LMDB, with the rules that were paid for (docs/ARCHITECTURE.md):
 *
 * - Writes happen in `transact` only: synchronous, durable when it returns, all or nothing. Its body returns nothing: a promise
 *   returned to LMDB would leave the transaction open for ever.
 * - Keys and values are bytes of our own; user data never meets LMDB's codecs.
 * - The data file is the one that was opened: a directory that was deleted is noticed by the next write, not at the next start.
 */
export class Environment implements Reading {
  readonly directory: string;
  readonly file: string;
  private readonly root: RootDatabase<Uint8Array, Key>;
  private readonly records: Database<Uint8Array, Key>;
  private readonly readOnly: boolean;
  private readonly inode: bigint;
  private closed = false;

  constructor(directory: string, options: EnvironmentOptions = {}) {
    const mapSize = options.mapSizeBytes ?? 2 ** 30;
    if (!Number.isSafeInteger(mapSize) || mapSize < 2 ** 20 || mapSize > 2 ** 44 || mapSize % 4096 !== 0) {
      raise('CONFIG_VALUE', { name: 'mapSizeBytes', value: mapSize, expected: 'a multiple of 4096 from 2^20 to 2^44' });
    }
    this.directory = directory;
    this.file = join(directory, dataFileName);
    this.readOnly = options.readOnly === true;
    try {
      this.root = open<Uint8Array, Key>({
        path: options.openedAt ?? directory,
        noSubdir: false,
        overlappingSync: false,
        readOnly: this.readOnly,
        encoding: 'binary',
        keyEncoding: 'binary',
        maxDbs: 4,
        mapSize,
        cache: false,
      });
      this.records = this.root.openDB<Uint8Array, Key>('records', {
        encoding: 'binary',
        keyEncoding: 'binary',
        cache: false,
      });
    } catch (error) {
      throw this.translated(error, 'opening the store');
    }
    this.inode = inodeOf(this.file) ?? 0n;
  }

  /** Everything in `body` becomes durable, or nothing. Raises with a code; the store is as before then, and can be used on. */
  transact(what: string, body: (writing: Writing) => void): void {
    if (this.closed) raise('INTERNAL_INVARIANT', { what: `${what}: the store is closed` });
    if (this.readOnly) raise('CHECKPOINT_READ_ONLY', { directory: this.directory });
    if (inodeOf(this.file) !== this.inode) raise('CHECKPOINT_REMOVED', { file: this.file });
    const writing: Writing = {
      put: (key, value) => {
        this.records.putSync(asBuffer(key), seal(key, value));
      },
      remove: (key) => {
        this.records.removeSync(asBuffer(key));
      },
    };
    try {
      this.records.transactionSync(() => {
        body(writing);
      });
    } catch (error) {
      throw this.translated(error, what);
    }
  }

  /** Writes a consistent copy of the data file into a folder, whatever is written meanwhile. */
  async copyTo(directory: string): Promise<void> {
    await this.root.backup(directory, false);
  }

  get(key: Key): Uint8Array | undefined {
    return this.read(key, undefined);
  }

  keys(from: Key, until: Key): readonly Key[] {
    return this.list(from, until, undefined);
  }

  entries(from: Key, until: Key, enoughBytes: number): readonly (readonly [Key, Uint8Array])[] {
    return this.readRange(from, until, enoughBytes, undefined);
  }

  /** Several reads of one moment, whatever another process commits meanwhile. */
  snapshot<T>(body: (reading: Reading) => T): T {
    const transaction = this.records.useReadTransaction();
    try {
      return body({
        get: (key) => this.read(key, transaction),
        keys: (from, until) => this.list(from, until, transaction),
        entries: (from, until, enoughBytes) => this.readRange(from, until, enoughBytes, transaction),
      });
    } finally {
      transaction.done();
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.root.close();
  }

  private read(key: Key, transaction: Transaction | undefined): Uint8Array | undefined {
    const stored = this.attempt(() =>
      transaction === undefined
        ? this.records.getBinary(asBuffer(key))
        : this.records.get(asBuffer(key), { transaction }),
    );
    if (stored === undefined) return undefined;
    return this.unsealed(key, stored);
  }

  private unsealed(key: Key, stored: Uint8Array): Uint8Array {
    return unseal(key, stored) ?? this.damaged(`the checksum of record ${describeKey(key)} does not match`);
  }

  private list(from: Key, until: Key, transaction: Transaction | undefined): readonly Key[] {
    return this.attempt(() =>
      Array.from(
        this.records.getKeys({
          start: asBuffer(from),
          end: asBuffer(until),
          snapshot: true,
          ...(transaction === undefined ? {} : { transaction }),
        }),
        (key) => new Uint8Array(key),
      ),
    );
  }

  private readRange(
    from: Key,
    until: Key,
    enoughBytes: number,
    transaction: Transaction | undefined,
  ): readonly (readonly [Key, Uint8Array])[] {
    const stored = this.attempt(() => {
      const found: (readonly [Key, Uint8Array])[] = [];
      let sizeBytes = 0;
      for (const { key, value } of this.records.getRange({
        start: asBuffer(from),
        end: asBuffer(until),
        snapshot: true,
        ...(transaction === undefined ? {} : { transaction }),
      })) {
        found.push([new Uint8Array(key), value]);
        sizeBytes += key.length + value.length;
        if (sizeBytes >= enoughBytes) break;
      }
      return found;
    });
    return stored.map(([key, value]) => [key, this.unsealed(key, value)]);
  }

  private attempt<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      return this.damaged(`reading it failed with ${reasonOf(error)}`);
    }
  }

  damaged(what: string): never {
    raise('CHECKPOINT_DAMAGED', { file: this.file, what });
  }

  private translated(error: unknown, what: string): unknown {
    if (error instanceof MillraceError) return error;
    const code = (error as { code?: unknown } | null)?.code;
    const free = freeBytes(this.directory);
    const isFull = certainlyFull.has(code) || (ioErrors.has(code) && (free ?? 0) < nearlyFullBytes);
    if (isFull) {
      const freeMb = free === undefined ? 'an unknown number of' : megabytes(free);
      return new MillraceError('CHECKPOINT_DISK_FULL', { directory: this.directory, freeMb, what }, { cause: error });
    }
    return new MillraceError(
      'CHECKPOINT_WRITE_FAILED',
      { directory: this.directory, reason: `${what}: ${reasonOf(error)}` },
      { cause: error },
    );
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

function asBuffer(key: Key): Buffer {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength);
}

function describeKey(key: Key): string {
  return `${String.fromCharCode(key[0] ?? 0)} ${asBuffer(key).subarray(1).toString('hex')}`;
}
