/**
 * Keys of the checkpoint's one table: a letter for the kind, then numbers with the most significant byte first, so that they sort.
 *
 * ```text
 * m <name>                        format, program
 * p <batch time>                  a plan that is not committed
 * v <version>                     what was committed with a version
 * t <table>                       name of a table, and its bases
 * d <version> <table> <part>      changes of a table in a version
 * b <table> <base> <segment>      a compacted table
 * r <input> 0 <block>             records that were received and wait for the commit of their batch
 * s <table> 0 <key>               the value of a key, in a store with a row per key
 * s <table> 1 <hash>              keys that are too long for a key of the file, with their values
 * u <version> <table> <part>      what leads from the rows after a version back to those before it
 * g <table>                       a table that was dropped and whose rows are not all removed yet
 * ```
 */
export type Key = Uint8Array;

/** Batch times may be negative; plans still sort by time. */
const timeShift = 2 ** 47;

export function metaKey(name: string): Key {
  return new TextEncoder().encode(`m${name}`);
}

export function planKey(batchTime: number): Key {
  return join('p', [[batchTime + timeShift, 6]]);
}

export function versionKey(version: number): Key {
  return join('v', [[version, 6]]);
}

export function tableKey(table: number): Key {
  return join('t', [[table, 4]]);
}

export function deltaKey(version: number, table: number, part: number): Key {
  return join('d', [
    [version, 6],
    [table, 4],
    [part, 4],
  ]);
}

export function baseKey(table: number, base: number, segment: number): Key {
  return join('b', [
    [table, 4],
    [base, 4],
    [segment, 4],
  ]);
}

export interface DeltaName {
  readonly version: number;
  readonly table: number;
  readonly part: number;
}

/** Of the keys of deltas, and of what undoes them. */
export function parseDeltaKey(key: Key): DeltaName {
  return { version: read(key, 1, 6), table: read(key, 7, 4), part: read(key, 11, 4) };
}

export interface SegmentName {
  readonly table: number;
  readonly base: number;
  readonly segment: number;
}

export function parseBaseKey(key: Key): SegmentName {
  return { table: read(key, 1, 4), base: read(key, 5, 4), segment: read(key, 9, 4) };
}

/** Of the keys that are a letter and a table. */
export function parseTableKey(key: Key): number {
  return read(key, 1, 4);
}

/** Inputs are named by their operator id, which holds no zero byte. */
export function receivedKey(input: string, block: number): Key {
  const name = new TextEncoder().encode(`r${input}\0`);
  const key = new Uint8Array(name.length + 6);
  key.set(name);
  write(key, block, name.length, 6);
  return key;
}

export function parseReceivedKey(key: Key): number {
  return read(key, key.length - 6, 6);
}

/** LMDB's own limit is 1978 bytes. */
const longestRowKey = 1900;
const rowHeadBytes = 6;
const plainRow = 0;
const hashedRow = 1;

/** The key of a row; several long keys may share one. */
export function rowKey(table: number, bytes: Uint8Array, at: number, keyBytes: number): Key {
  const isLong = keyBytes > longestRowKey;
  const key = new Uint8Array(rowHeadBytes + (isLong ? 16 : keyBytes));
  key[0] = 's'.charCodeAt(0);
  write(key, table, 1, 4);
  key[5] = isLong ? hashedRow : plainRow;
  if (isLong) writeHash(bytes, at, keyBytes, key);
  else for (let i = 0; i < keyBytes; i++) key[rowHeadBytes + i] = bytes[at + i] as number;
  return key;
}

/** The encoded key that a row is for; undefined where its value holds several of them. */
export function keyOfRow(key: Key): Uint8Array | undefined {
  return key[5] === plainRow ? key.subarray(rowHeadBytes) : undefined;
}

/** All rows of a table: [from, until). */
export function rowsOf(table: number): readonly [Key, Key] {
  return [join('s', [[table, 4]]), join('s', [[table + 1, 4]])];
}

/** The least key that comes after one. */
export function keyAfter(key: Key): Key {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

export function undoKey(version: number, table: number, part: number): Key {
  return join('u', [
    [version, 6],
    [table, 4],
    [part, 4],
  ]);
}

/** The keys of everything that leads back to a version: [from, until). */
export function undoAfter(version: number): readonly [Key, Key] {
  return [undoKey(version + 1, 0, 0), keysOf('u')[1]];
}

export function garbageKey(table: number): Key {
  return join('g', [[table, 4]]);
}

function writeHash(bytes: Uint8Array, at: number, keyBytes: number, into: Key): void {
  for (let word = 0; word < 4; word++) {
    let hash = Math.imul(word + 1, 0x9e3779b1);
    for (let i = at; i < at + keyBytes; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    write(into, (hash ^ (hash >>> 13)) >>> 0, rowHeadBytes + word * 4, 4);
  }
}

export type KeyKind = 'm' | 'p' | 'v' | 't' | 'd' | 'b' | 's' | 'u' | 'g';

/** All keys of a kind: [from, until). */
export function keysOf(kind: KeyKind): readonly [Key, Key] {
  const letter = kind.charCodeAt(0);
  return [new Uint8Array([letter]), new Uint8Array([letter + 1])];
}

function join(kind: KeyKind, parts: readonly (readonly [value: number, sizeBytes: number])[]): Key {
  const key = new Uint8Array(1 + parts.reduce((sum, [, sizeBytes]) => sum + sizeBytes, 0));
  key[0] = kind.charCodeAt(0);
  let at = 1;
  for (const [value, sizeBytes] of parts) {
    write(key, value, at, sizeBytes);
    at += sizeBytes;
  }
  return key;
}

function write(key: Key, value: number, from: number, sizeBytes: number): void {
  let rest = value;
  for (let at = from + sizeBytes - 1; at >= from; at--) {
    key[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function read(key: Key, from: number, sizeBytes: number): number {
  let value = 0;
  for (let at = from; at < from + sizeBytes; at++) value = value * 256 + (key[at] ?? 0);
  return value;
}
