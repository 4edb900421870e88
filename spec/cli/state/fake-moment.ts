import type { CheckpointMoment } from '../../../lib/store/checkpoint-view.ts';
import type { OperatorSignature, TableName } from '../../../lib/store/state-store.ts';

/** Tables by step and name (`step/table`), as they were in versions 1, 2 ...; version n is the batch of n seconds. */
export function fakeMoment(
  versions: readonly Readonly<Record<string, readonly (readonly [unknown, unknown])[]>>[],
  operators: readonly OperatorSignature[] = [],
): CheckpointMoment {
  const rowsOf = (version: number, table: TableName): ReadonlyMap<unknown, unknown> =>
    new Map(versions[version - 1]?.[`${table.operator}/${table.name}`]);
  return {
    program: { appName: 'fake', batchIntervalMs: 1000, zeroTime: 0, operators },
    versions: versions.map((_, i) => ({
      record: { version: i + 1, batchTime: (i + 1) * 1000, offsets: {}, meta: {}, records: 0 },
      plans: [{ batchTime: (i + 1) * 1000 - 500, ranges: {} }],
    })),
    pendingPlans: [],
    tablesAt: (version) => Object.keys(versions[version - 1] ?? {}).map(named),
    tableAt: <K, V>(version: number, table: TableName) => rowsOf(version, table) as ReadonlyMap<K, V>,
    sizeAt: (version, table) => ({ rows: rowsOf(version, table).size, sizeBytes: 0 }),
  };
}

function named(text: string): TableName {
  const [operator = '', name = ''] = text.split('/');
  return { operator, name, partition: 0 };
}
