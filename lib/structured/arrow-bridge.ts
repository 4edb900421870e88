import { raise } from '../kernel/errors.ts';
import type { InternalRow, StructType } from './types/data-type.ts';

/** A table of Apache Arrow, as `@uwdata/flechette` has it; its own type says more. */
export interface ArrowTable {
  readonly numRows: number;
  readonly numCols: number;
  readonly names: readonly PropertyKey[];
  readonly schema: { readonly fields: readonly object[] };
  readonly children: readonly object[];
  getChild(name: string): unknown;
  /** Rows as objects. */
  toArray(): unknown[];
}

/** How values come out of a table: options of `tableFromIPC`. All are exact unless told otherwise. */
export type ArrowOptions = Readonly<Record<string, boolean>>;

/** What knows Arrow. */
export interface ArrowBridge {
  /** The bytes of an IPC stream. */
  write(schema: StructType, rows: readonly InternalRow[], timeZone: string): Uint8Array;
  table(bytes: Uint8Array, options: ArrowOptions): ArrowTable;
  read(table: object): { readonly schema: StructType; readonly rows: readonly InternalRow[] };
}

let registered: ArrowBridge | undefined;

/** Done once, where the package is wired together: the engine knows no format of others. */
export function registerArrow(bridge: ArrowBridge): void {
  registered = bridge;
}

export function arrow(): ArrowBridge {
  return registered ?? raise('INTERNAL_INVARIANT', { what: 'nothing is registered that knows Arrow' });
}

/** Whether something given as rows is a table of Arrow, whichever library made it, or the bytes of one. */
export function isArrow(rows: object): boolean {
  return rows instanceof Uint8Array || ('schema' in rows && ('children' in rows || 'batches' in rows));
}
