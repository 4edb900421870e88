import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import type { CommitRecord, TableName } from '../../store/state-store.ts';
import { changesBetween, type KeyChange } from '../state/changes.ts';

/** One key that a batch left otherwise when it ran again. `from` is what was committed, `to` what came out now. */
export interface Difference extends KeyChange {
  readonly table: TableName;
}

export interface Comparison {
  readonly keys: number;
  readonly differences: readonly Difference[];
  /** Positions that differ, by source and partition. */
  readonly offsets: readonly {
    readonly partition: string;
    readonly committed: number | undefined;
    readonly again: number | undefined;
  }[];
}

/** Compares all state and all positions after a batch with what was committed then. */
export function compareStates(
  committed: { readonly moment: CheckpointMoment; readonly record: CommitRecord },
  again: { readonly moment: CheckpointMoment; readonly record: CommitRecord },
): Comparison {
  const { moment, record } = committed;
  const tables = new Map<string, TableName>();
  for (const table of [...moment.tablesAt(record.version), ...again.moment.tablesAt(again.record.version)]) {
    tables.set([table.operator, table.name, table.partition].join('\0'), table);
  }
  const differences: Difference[] = [];
  let keys = 0;
  for (const table of tables.values()) {
    const before = moment.tableAt<unknown, unknown>(record.version, table);
    const after = again.moment.tableAt<unknown, unknown>(again.record.version, table);
    keys += before.size;
    for (const change of changesBetween(before, after)) differences.push({ ...change, table });
  }
  return { keys, differences, offsets: differingOffsets(record, again.record) };
}

function differingOffsets(record: CommitRecord, now: CommitRecord): Comparison['offsets'] {
  const [committed, again] = [positionsOf(record), positionsOf(now)];
  return [...new Set([...committed.keys(), ...again.keys()])].flatMap((partition) =>
    committed.get(partition) === again.get(partition)
      ? []
      : [{ partition, committed: committed.get(partition), again: again.get(partition) }],
  );
}

function positionsOf({ offsets }: CommitRecord): Map<string, number> {
  return new Map(
    Object.entries(offsets).flatMap(([source, offset]) =>
      Object.entries(offset).map(([partition, at]) => [`${source}: ${partition}`, at] as const),
    ),
  );
}
