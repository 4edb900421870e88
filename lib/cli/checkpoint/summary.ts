import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attemptOf } from '../../batch/batch-plan.ts';
import type { CheckpointView } from '../../lmdb/open-read-only.ts';
import { kindOf } from '../../lmdb/manifest.ts';
import { lockHolder } from '../../node/process-lock.ts';
import { compareNames } from '../state/tables.ts';
import type { CheckpointMoment, TableSize } from '../../store/checkpoint-view.ts';
import type { BatchPlan, SourceOffsets, TableName } from '../../store/state-store.ts';

/** What a batch read of one partition of a source: `[from, until)`. */
export interface PartitionRange {
  readonly source: string;
  /** Topic and partition with a dash between for Kafka. */
  readonly partition: string;
  readonly from: number;
  readonly until: number;
}

export interface BatchSummary {
  readonly state: 'committed' | 'pending';
  readonly batchTime: number;
  /** What it was committed with; several batches where empty ones shared a commit. */
  readonly version?: number;
  /** Of all batches of the version. */
  readonly records?: number;
  /** Of the run that was committed, or of the last that was begun. */
  readonly attempt: number;
  readonly ranges: readonly PartitionRange[];
}

interface TableSummary extends TableSize {
  readonly name: string;
  readonly partitions: number;
}

export interface OperatorSummary extends TableSize {
  readonly id: string;
  /** The method that made it; its id where that is not known. */
  readonly kind: string;
  readonly partitions: number;
  readonly tables: readonly TableSummary[];
}

/** A checkpoint as people ask about it; the object of `millrace checkpoint inspect --json`. */
export interface CheckpointSummary {
  readonly directory: string;
  readonly appName: string;
  readonly format: number;
  readonly store: string;
  readonly created: string;
  readonly lock: {
    readonly pid: number;
    readonly host: string;
    readonly since: string;
    readonly status: string;
  } | null;
  readonly batchIntervalMs: number | null;
  readonly zeroTime: number | null;
  readonly lastBatchTime: number | null;
  readonly versions: { readonly oldest: number; readonly newest: number; readonly count: number } | null;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly inputs: readonly {
    readonly id: string;
    readonly kind: string;
    readonly offsets: Readonly<Record<string, number>>;
  }[];
  readonly operators: readonly OperatorSummary[];
  readonly batches: readonly BatchSummary[];
}

/** Reads everything in one moment; tables one after the other, so that not all state is in memory at once. */
export function summarize(view: CheckpointView): CheckpointSummary {
  const { directory, manifest } = view;
  const lock = lockHolder(directory);
  return view.read((moment) => {
    const { program, versions } = moment;
    const last = versions.at(-1);
    return {
      directory,
      appName: manifest.appName,
      format: manifest.format,
      store: kindOf(manifest.format) ?? 'unknown',
      created: manifest.created,
      lock:
        lock === undefined
          ? null
          : { pid: lock.holder.pid, host: lock.holder.host, since: lock.holder.since, status: lock.status },
      batchIntervalMs: program?.batchIntervalMs ?? null,
      zeroTime: program?.zeroTime ?? null,
      lastBatchTime: last?.record.batchTime ?? null,
      versions:
        last === undefined
          ? null
          : { oldest: versions[0]?.record.version ?? 0, newest: last.record.version, count: versions.length },
      files: filesIn(directory),
      inputs: inputsOf(moment, last?.record.offsets ?? {}),
      operators: operatorsOf(moment, last?.record.version ?? 0),
      batches: batchesOf(moment),
    };
  });
}

function filesIn(directory: string): { name: string; sizeBytes: number }[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, sizeBytes: statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0 }))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.name < b.name ? -1 : 1));
}

function inputsOf({ program }: CheckpointMoment, offsets: SourceOffsets): CheckpointSummary['inputs'] {
  const described = program?.inputs ?? Object.keys(offsets).map((id) => ({ id, kind: lastOf(id) }));
  return described.map(({ id, kind }) => ({ id, kind, offsets: offsets[id] ?? {} }));
}

function operatorsOf(moment: CheckpointMoment, version: number): OperatorSummary[] {
  const tables = byOperator(tablesAt(moment, version));
  const known = moment.program?.operators ?? [];
  const ids = [...new Set([...known.map(({ id }) => id), ...tables.keys()])];
  return ids.map((id) => {
    const signature = known.find((operator) => operator.id === id);
    const summaries = tableSummaries(moment, version, tables.get(id) ?? []);
    return {
      id,
      kind: signature?.kind ?? lastOf(id),
      // A window does not say over how many tables its slices are spread.
      partitions: Math.max(signature?.partitions ?? 1, ...summaries.map(({ partitions }) => partitions)),
      rows: sum(summaries.map(({ rows }) => rows)),
      sizeBytes: sum(summaries.map(({ sizeBytes }) => sizeBytes)),
      tables: summaries,
    };
  });
}

function tableSummaries(moment: CheckpointMoment, version: number, tables: readonly TableName[]): TableSummary[] {
  const byName = new Map<string, TableSummary>();
  for (const table of tables) {
    const { rows, sizeBytes } = moment.sizeAt(version, table);
    const known = byName.get(table.name) ?? { name: table.name, partitions: 0, rows: 0, sizeBytes: 0 };
    byName.set(table.name, {
      name: table.name,
      partitions: known.partitions + 1,
      rows: known.rows + rows,
      sizeBytes: known.sizeBytes + sizeBytes,
    });
  }
  return [...byName.values()].toSorted((a, b) => compareNames(a.name, b.name));
}

function batchesOf({ versions, pendingPlans }: CheckpointMoment): BatchSummary[] {
  const committed = versions.flatMap(({ record: { version, batchTime, records }, plans }) => {
    // A batch that no plan was kept for was committed all the same.
    const ended: readonly BatchPlan[] = plans.length > 0 ? plans : [{ batchTime, ranges: {} }];
    return ended.map((plan) => batchSummary(plan, { version, records }));
  });
  return [...committed, ...pendingPlans.map((plan) => batchSummary(plan))];
}

function batchSummary(plan: BatchPlan, commit?: { readonly version: number; readonly records: number }): BatchSummary {
  const ranges = Object.entries(plan.ranges).flatMap(([source, planned]) =>
    planned.flatMap(({ from, until }) =>
      Object.entries(until)
        .map(([partition, end]) => ({ source, partition, from: from[partition] ?? end, until: end }))
        .filter((range) => range.until > range.from),
    ),
  );
  const batch = { batchTime: plan.batchTime, attempt: attemptOf(plan), ranges };
  return commit === undefined ? { state: 'pending', ...batch } : { state: 'committed', ...batch, ...commit };
}

function tablesAt(moment: CheckpointMoment, version: number): readonly TableName[] {
  return moment.versions.length === 0 ? [] : moment.tablesAt(version);
}

function byOperator(tables: readonly TableName[]): Map<string, TableName[]> {
  const found = new Map<string, TableName[]>();
  for (const table of tables) found.set(table.operator, [...(found.get(table.operator) ?? []), table]);
  return found;
}

/** The method at the end of an operator's path. */
function lastOf(id: string): string {
  return (id.split('/').at(-1) ?? id).replace(/#\d+$/u, '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
