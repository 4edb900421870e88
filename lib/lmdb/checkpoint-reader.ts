import { decode } from '../kernel/codec.ts';
import { ByteTable } from '../store/byte-table.ts';
import type { CheckpointMoment } from '../store/checkpoint-view.ts';
import { raiseNoVersion } from '../store/retained-versions.ts';
import type { BatchPlan, ProgramRecord, ReadonlyMapLike, TableName } from '../store/state-store.ts';
import type { Reading } from './environment.ts';
import { keysOf, metaKey } from './keys.ts';
import { type StoredPlan, unpackPlan } from './plan-runs.ts';
import {
  baseFor,
  deltaVersions,
  loadTable,
  readTables,
  readVersions,
  type TableRecord,
  type VersionRecord,
} from './table-log.ts';

/** What the data file says about itself. */
export interface StoreMark {
  readonly format: number;
  readonly storeId: string;
  readonly appName: string;
}

/** What a data file with tables and their changes holds. `damaged` raises what a reader finds wrong. */
export function momentOf(reading: Reading, damaged: (what: string) => never): CheckpointMoment {
  return {
    get program() {
      return readProgram(reading);
    },
    get versions() {
      return readVersions(reading);
    },
    get pendingPlans() {
      return readPlans(reading);
    },
    tablesAt: (version) => readTablesAt(reading, version),
    tableAt: (version, table) => readTableAt(reading, version, table, damaged),
    sizeAt: (version, table) => {
      const { size, sizeBytes } = loadTableAt(reading, version, table, damaged);
      return { rows: size, sizeBytes };
    },
  };
}

export function readMark(reading: Reading): StoreMark | undefined {
  return readMeta(reading, 'store') as StoreMark | undefined;
}

export function readProgram(reading: Reading): ProgramRecord | undefined {
  return readMeta(reading, 'program') as ProgramRecord | undefined;
}

export function readPlans(reading: Reading): readonly BatchPlan[] {
  return readStoredPlans(reading).flatMap(unpackPlan);
}

export function readStoredPlans(reading: Reading): readonly StoredPlan[] {
  return reading.keys(...keysOf('p')).map((key) => decode(reading.get(key) as Uint8Array) as StoredPlan);
}

/** Refuses a version that is not retained; 0 is the empty state, for as long as version 1 is retained. */
export function assertRetained(history: readonly VersionRecord[], version: number): void {
  if (version === 0 && (history[0]?.record.version ?? 1) === 1) return;
  if (history.some(({ record }) => record.version === version)) return;
  raiseNoVersion(
    version,
    history.map(({ record }) => record),
  );
}

/** The tables that a version holds. */
export function readTablesAt(reading: Reading, version: number): readonly TableName[] {
  assertRetained(readVersions(reading), version);
  const deltas = deltaVersions(reading);
  return readTables(reading)
    .filter((table) => baseFor(table, version) !== undefined || (deltas.get(table.id)?.[0] ?? Infinity) <= version)
    .map(({ operator, name, partition }) => ({ operator, name, partition }));
}

/** One table as it was in a version. */
export function readTableAt<K, V>(
  reading: Reading,
  version: number,
  wanted: TableName,
  damaged: (what: string) => never,
): ReadonlyMapLike<K, V> {
  return loadTableAt(reading, version, wanted, damaged) as unknown as ReadonlyMapLike<K, V>;
}

function loadTableAt(
  reading: Reading,
  version: number,
  wanted: TableName,
  damaged: (what: string) => never,
): ByteTable<unknown, unknown> {
  const history = readVersions(reading);
  assertRetained(history, version);
  const into = new ByteTable<unknown, unknown>(wanted.operator);
  const table = readTables(reading).find((candidate) => isNamed(candidate, wanted));
  if (table !== undefined) {
    const versions = deltaVersions(reading).get(table.id) ?? [];
    const loading = loadTable({ reading, table, versions, history, into, upTo: version, damaged });
    while (loading.next().done !== true);
  }
  return into;
}

function isNamed(table: TableRecord, { operator, name, partition }: TableName): boolean {
  return table.operator === operator && table.name === name && table.partition === partition;
}

function readMeta(reading: Reading, name: string): unknown {
  const stored = reading.get(metaKey(name));
  return stored === undefined ? undefined : decode(stored);
}
