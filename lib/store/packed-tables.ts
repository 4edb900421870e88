import type { ByteTable } from './byte-table.ts';
import type { HandedOutTables, PackedTable, TableName } from './state-store.ts';
import type { TableSet } from './table-set.ts';

/** A packed table goes from thread to thread in parts of this size. */
const partBytes = 1 << 20;

/** A table as it is now, changes that are not committed included. */
export function packedTable(name: TableName, table: ByteTable<unknown, unknown>): PackedTable {
  const parts = [...table.packCommitted(partBytes), ...table.packDelta(partBytes).finish()];
  return { ...name, parts, count: table.size, size: table.size, sizeBytes: table.sizeBytes };
}

/** The changes of a batch in the tables that `isOwn` says yes to. */
export function changesIn(tables: TableSet, isOwn: (partition: number) => boolean): readonly PackedTable[] {
  const changes: PackedTable[] = [];
  for (const { operator, name, partition, table } of tables) {
    if (table.touched === 0 || !isOwn(partition)) continue;
    const delta = table.packDelta(partBytes);
    const parts = delta.finish();
    const { size, sizeBytes } = table;
    if (parts.length > 0) changes.push({ operator, name, partition, parts, count: delta.count, size, sizeBytes });
  }
  return changes;
}

/** Takes packed changes into a table that is here. */
export function absorbInto(table: ByteTable<unknown, unknown>, { parts }: PackedTable): void {
  for (const part of parts) table.absorb(part);
}

/** For a store that ends with the process: it keeps every table, as the way back to earlier versions leads over them, and gives out copies. */
export function copiesOf(tables: () => TableSet): HandedOutTables {
  return {
    handOut: (operator) =>
      [...tables()]
        .filter((entry) => entry.operator === operator)
        .map(({ name, partition, table }) => packedTable({ operator, name, partition }, table)),
    absorb: (changes) => {
      for (const change of changes)
        absorbInto(tables().open(change.operator, change.name, change.partition).table, change);
    },
    takeBack: () => {
      // They never went.
    },
  };
}
