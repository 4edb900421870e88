import type { Attribute } from '../expressions/typed-expression.ts';
import type { GroupTable } from '../operators/group-table.ts';
import type { StageEnd } from '../operators/stage/stage.ts';
import type { InternalRow } from '../types/data-type.ts';
import { packRows } from './packed-rows.ts';
import type { EndRows, PartResult } from './part-result.ts';

/** Collects what comes to the ends of stages, in the order of the rows. */
export class Outlet {
  readonly #groups: { readonly end: number; readonly table: GroupTable }[] = [];
  #segments: { readonly end: number; readonly width: number; readonly rows: InternalRow[] }[] = [];

  rows(end: number, columns: readonly Attribute[]): StageEnd {
    const width = columns.length;
    return {
      kind: 'rows',
      columns,
      emit: (row) => {
        const last = this.#segments.at(-1);
        if (last?.end === end) last.rows.push(row);
        else this.#segments.push({ end, width, rows: [row] });
      },
    };
  }

  groups(end: number, keys: readonly Attribute[], table: GroupTable): StageEnd {
    this.#groups.push({ end, table });
    return { kind: 'groups', keys, groups: table };
  }

  clear(): void {
    this.#segments = [];
    for (const { table } of this.#groups) table.clear();
  }

  take(): Pick<PartResult, 'rows' | 'groups'> {
    const taken = {
      rows: this.#segments.map(({ end, width, rows }): EndRows => ({ end, packed: packRows(rows, width) })),
      groups: this.#groups
        .filter(({ table }) => table.groups.length > 0)
        .map(({ end, table }): EndRows => ({ end, packed: packRows(table.groups, table.countAt + 1) })),
    };
    this.clear();
    return taken;
  }
}
