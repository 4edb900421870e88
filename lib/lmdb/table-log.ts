import type { ByteTable } from '../store/byte-table.ts';
import { decode, encode } from '../kernel/codec.ts';
import type { CommitRecord, BatchPlan, TableName } from '../store/state-store.ts';
import type { Reading, Writing } from './environment.ts';
import { baseKey, deltaKey, type Key, keysOf, parseDeltaKey, parseTableKey, tableKey, versionKey } from './keys.ts';
import { packPlans, type StoredPlan, unpackPlan } from './plan-runs.ts';

/** A compacted table: its segments, followed by the deltas after `from`, give every version from `validFrom` on. */
export interface Base {
  readonly id: number;
  readonly from: number;
  readonly validFrom: number;
  readonly segments: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** A table as it is described in the store. */
export interface TableRecord extends TableName {
  readonly id: number;
  /** Oldest first; each delta is kept for as long as a base or a retained version needs it. */
  readonly bases: readonly Base[];
}

/** The changes of a table in a version: where the one before is, so that a missing one is noticed. */
export interface Delta {
  readonly version: number;
  readonly parts: number;
  readonly sizeBytes: number;
}

/** A table that is known to the file. */
export interface TableLog {
  readonly record: TableRecord;
  readonly deltas: readonly Delta[];
}

/** What is stored under a version. */
export interface VersionRecord {
  readonly record: CommitRecord;
  readonly plans: readonly BatchPlan[];
  /** Table and parts of every delta of this version. */
  readonly deltas: readonly (readonly [table: number, parts: number])[];
}

interface StoredVersion extends VersionRecord {
  readonly plans: readonly StoredPlan[];
}

const linkBytes = 16;
const largestPart = 0xffff_ffff;

export function readTables(reading: Reading): readonly TableRecord[] {
  return reading.keys(...keysOf('t')).map((key) => {
    const stored = decode(reading.get(key) as Uint8Array) as Omit<TableRecord, 'id'>;
    return Object.assign(stored, { id: parseTableKey(key) });
  });
}

export function writeTable(writing: Writing, table: TableRecord): void {
  const { operator, name, partition, bases } = table;
  writing.put(tableKey(table.id), encode({ operator, name, partition, bases }));
}

export function readVersions(reading: Reading): readonly VersionRecord[] {
  return reading.keys(...keysOf('v')).map((key) => {
    const stored = decode(reading.get(key) as Uint8Array) as StoredVersion;
    return Object.assign(stored, { plans: stored.plans.flatMap(unpackPlan) });
  });
}

export function writeVersion(writing: Writing, version: VersionRecord): void {
  const stored: StoredVersion = { ...version, plans: packPlans(version.plans) };
  writing.put(versionKey(version.record.version), encode(stored));
}

/** Writes a delta; each part stands under its own key, the first also says how many there are and which version came before. */
export function writeDelta(
  writing: Writing,
  table: number,
  version: number,
  previous: number,
  parts: readonly Uint8Array[],
): void {
  for (const [part, bytes] of parts.entries()) {
    writing.put(deltaKey(version, table, part), part === 0 ? linked(previous, parts.length, bytes) : bytes);
  }
}

export function removeDelta(writing: Writing, table: number, delta: Delta): void {
  for (let part = 0; part < delta.parts; part++) writing.remove(deltaKey(delta.version, table, part));
}

export function removeBase(writing: Writing, table: number, base: Pick<Base, 'id' | 'segments'>): void {
  for (let segment = 0; segment < base.segments; segment++) writing.remove(baseKey(table, base.id, segment));
}

/** The versions in which each table changed, in order, from the keys alone. */
export function deltaVersions(reading: Reading): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const key of reading.keys(...keysOf('d'))) {
    const { table, version, part } = parseDeltaKey(key);
    if (part !== 0) continue;
    const versions = found.get(table);
    if (versions === undefined) found.set(table, [version]);
    else versions.push(version);
  }
  return found;
}

export interface Loading {
  readonly reading: Reading;
  readonly table: TableRecord;
  /** Versions of the table's deltas, in order. */
  readonly versions: readonly number[];
  /** The retained versions: each says which tables it changed. */
  readonly history: readonly VersionRecord[];
  /** What the parts are for, in order. */
  readonly into: Pick<ByteTable<unknown, unknown>, 'reserve' | 'apply'>;
  /** The version to arrive at. */
  readonly upTo: number;
  damaged(what: string): never;
}

/** Puts a table together from its base and deltas, a step at a time: each step gives the bytes it has read. */
export function* loadTable(loading: Loading): Generator<number, readonly Delta[]> {
  const { table, versions, into, upTo } = loading;
  const base = baseFor(table, upTo);
  assertRetainedDeltas(loading, base?.from ?? 0);
  into.reserve(base?.rows ?? 0);
  for (let segment = 0; segment < (base?.segments ?? 0); segment++) {
    const bytes = need(loading, baseKey(table.id, (base as Base).id, segment), `segment ${segment} of the base`);
    into.apply(bytes);
    yield bytes.length;
  }
  const deltas: Delta[] = [];
  // The first delta after the base says which came before it, and so may be older than the base.
  let previous: number | undefined;
  for (const version of versions) {
    if (version > upTo) break;
    const first = need(loading, deltaKey(version, table.id, 0), `the changes of version ${version}`);
    const link = readLink(loading, first, version);
    if (previous === undefined ? link.previous > (base?.from ?? 0) : link.previous !== previous) {
      loading.damaged(
        `changes between version ${previous ?? base?.from ?? 0} and ${version} of ${nameOf(table)} are missing`,
      );
    }
    previous = version;
    const isInBase = base !== undefined && version <= base.from;
    let sizeBytes = 0;
    for (let part = 0; part < link.parts; part++) {
      const bytes =
        part === 0
          ? first.subarray(linkBytes)
          : need(loading, deltaKey(version, table.id, part), `part ${part} of the changes of version ${version}`);
      if (!isInBase) into.apply(bytes);
      sizeBytes += bytes.length;
      yield bytes.length;
    }
    deltas.push({ version, parts: link.parts, sizeBytes });
  }
  return deltas;
}

/** The newest base that is right for a version. */
export function baseFor(table: TableRecord, version: number): Base | undefined {
  return table.bases.findLast((base) => base.validFrom <= version);
}

function nameOf(table: TableName): string {
  return `${table.operator} (${table.name}, partition ${table.partition})`;
}

/** A delta that a retained version names must be there, unless it is part of the base. */
function assertRetainedDeltas({ table, versions, history, upTo, damaged }: Loading, from: number): void {
  for (const { record, deltas } of history) {
    if (record.version <= from || record.version > upTo || !deltas.some(([id]) => id === table.id)) continue;
    if (!versions.includes(record.version)) {
      damaged(`the changes of version ${record.version} of ${nameOf(table)} are missing`);
    }
  }
}

function need({ reading, table, damaged }: Loading, key: Key, what: string): Uint8Array {
  return reading.get(key) ?? damaged(`${what} of ${nameOf(table)} is missing`);
}

function linked(previous: number, parts: number, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(linkBytes + bytes.length);
  const view = new DataView(result.buffer);
  view.setFloat64(0, previous, true);
  view.setUint32(8, parts, true);
  result.set(bytes, linkBytes);
  return result;
}

function readLink(loading: Loading, bytes: Uint8Array, version: number): { previous: number; parts: number } {
  if (bytes.length < linkBytes)
    loading.damaged(`the changes of version ${version} of ${nameOf(loading.table)} are cut`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = view.getUint32(8, true);
  if (parts === 0 || parts === largestPart) loading.damaged(`the changes of version ${version} have no parts`);
  return { previous: view.getFloat64(0, true), parts };
}
