import { KeyMap } from '../../kernel/key-map.ts';
import type { ReadonlyMapLike } from '../../store/state-store.ts';
import type { StateColumn } from '../operators/physical-operator.ts';
import type { OperatorRecord } from '../query/checkpoint-match.ts';
import type { InternalRow, InternalValue, StructField, StructType } from '../types/data-type.ts';
import { parseType } from '../types/ddl.ts';
import { atomic } from '../types/type-classes.ts';
import { jsonOfState } from './json-of-state.ts';

/** One row that a reader of state gets, with what it is known by: rows of two batches with the same identity are one that changed. */
export interface StateRow {
  readonly identity: unknown;
  readonly values: InternalRow;
}

/** The tables of one step in one partition, by name. */
export type TablesOfStep = <K, V>(name: string) => ReadonlyMapLike<K, V>;

/** How the state of a step is shown: Spark's columns, and the rows made of our tables. */
export interface StateLayout {
  readonly columns: readonly StructField[];
  /** Of these columns, how many are null in the row of a removal. */
  readonly valueColumns: number;
  /** What a new row is in a list of changes; `update` where it is left out. */
  readonly added?: 'append';
  rows(tables: TablesOfStep): Iterable<StateRow>;
}

export function column(name: string, type: StructField['type']): StructField {
  return { name, type, nullable: true };
}

/** Columns of state as a struct; a type that cannot be read back is shown as JSON. */
export function structOfColumns(columns: readonly StateColumn[]): StructType {
  return { kind: 'struct', fields: columns.map(({ name, type }) => column(name, typeOf(type) ?? atomic('string'))) };
}

function typeOf(text: string): StructField['type'] | undefined {
  try {
    return parseType(text);
  } catch {
    // A name within it that the grammar does not take.
    return undefined;
  }
}

/** The usual layout: a key and a value. */
export function keyAndValue(
  table: string,
  [key, value]: readonly [StructType, StructType],
  valueOf: (stored: never) => InternalRow,
): StateLayout {
  return {
    columns: [column('key', key), column('value', value)],
    valueColumns: 1,
    *rows(tables) {
      for (const [stored, held] of tables<InternalRow, never>(table).entries()) {
        yield { identity: stored, values: [stored, valueOf(held)] };
      }
    },
  };
}

/** How a stored buffer of aggregates becomes the fields that Spark names; checkpoints of the first versions do not say: JSON then. */
export function bufferOf(record: OperatorRecord): {
  readonly fields: readonly StructField[];
  readonly values: (buffer: InternalRow) => InternalRow;
} {
  const { layout } = record;
  if (layout?.kind !== 'buffer') {
    return {
      fields: [column('state', atomic('string'))],
      values: (buffer) => [jsonOfState(buffer)],
    };
  }
  const { columns } = layout;
  return {
    fields: columns.map(({ name, type }) => column(name, typeOf(type) ?? atomic('string'))),
    values: (buffer) =>
      columns.map(({ at, form }): InternalValue => {
        const value = buffer[at] ?? null;
        if (form === 'isEmpty') return value === null && buffer[at + 1] !== true;
        return form === 'json' ? jsonOfState(value) : value;
      }),
  };
}

/** Rows under a key, as `KeyedRows` keeps them: visited by key in order. */
export function* keyedRows(
  tables: TablesOfStep,
  heads: string,
  chunks: string,
): Generator<readonly [key: InternalRow, rows: readonly (readonly [row: InternalRow, isMarked: boolean])[]]> {
  const byKey = new KeyMap<InternalRow, (readonly [number, InternalRow])[]>();
  for (const [[key, at], chunk] of tables<readonly [InternalRow, number], InternalRow>(chunks).entries()) {
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [[at, chunk]]);
    else known.push([at, chunk]);
  }
  for (const [key] of tables<InternalRow, unknown>(heads).entries()) {
    const rows: (readonly [InternalRow, boolean])[] = [];
    for (const [, chunk] of (byKey.get(key) ?? []).toSorted(([a], [b]) => a - b)) {
      for (let i = 0; i < chunk.length; i += 2) rows.push([chunk[i] as InternalRow, chunk[i + 1] === true]);
    }
    yield [key, rows];
  }
}
