import { encode } from '../../kernel/codec.ts';
import { KeyMap } from '../../kernel/key-map.ts';
import type { CommitRecord } from '../../store/state-store.ts';
import type { InternalRow } from '../types/data-type.ts';
import type { StateLayout, StateRow } from './state-layout.ts';
import type { StateMoment } from './state-view.ts';

/** Where rows of state are read: one step, in one layout. */
export interface StateSite {
  readonly moment: StateMoment;
  /** Our id of the step. */
  readonly operator: string;
  readonly layout: StateLayout;
  /** Only this partition. */
  readonly partition: number | undefined;
}

/** The rows of one version, each with its partition behind it. */
export function* rowsAt(site: StateSite, version: number): Generator<InternalRow> {
  for (const partition of partitionsOf(site, version)) {
    for (const { values } of partitionRows(site, version, partition)) yield [...values, partition];
  }
}

/**
 * What became of the rows in some versions, a batch after the other: `update` for new and changed rows (`append` for new ones of a
 * list), `delete` for those that are gone, whose value is null. A row that was written again as it was is no change, and of several
 * writes in a batch the last one counts.
 */
export function* changesOf(site: StateSite, versions: readonly CommitRecord[]): Generator<InternalRow> {
  const { columns, valueColumns, added = 'update' } = site.layout;
  for (const { version, batchTime } of versions) {
    for (const partition of partitionsOf(site, version)) {
      const before = new KeyMap<unknown, InternalRow>();
      if (version > 1) {
        for (const { identity, values } of partitionRows(site, version - 1, partition)) before.set(identity, values);
      }
      for (const { identity, values } of partitionRows(site, version, partition)) {
        const known = before.get(identity);
        before.delete(identity);
        if (known === undefined) yield [batchTime, added, ...values, partition];
        else if (!isSame(known, values)) yield [batchTime, 'update', ...values, partition];
      }
      for (const [, values] of before) {
        const left = values.map((value, i) => (i < columns.length - valueColumns ? value : null));
        yield [batchTime, 'delete', ...left, partition];
      }
    }
  }
}

function partitionsOf({ moment, operator, partition: only }: StateSite, version: number): readonly number[] {
  const tables = moment.tablesAt(version).filter((table) => table.operator === operator);
  const partitions = [...new Set(tables.map(({ partition }) => partition))].toSorted((a, b) => a - b);
  return only === undefined ? partitions : partitions.filter((partition) => partition === only);
}

function partitionRows(
  { moment, operator, layout }: StateSite,
  version: number,
  partition: number,
): Iterable<StateRow> {
  return layout.rows((name) => moment.tableAt(version, { operator, name, partition }));
}

function isSame(a: InternalRow, b: InternalRow): boolean {
  const [one, other] = [encode(a), encode(b)];
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
