import type { Attribute } from '../expressions/typed-expression.ts';
import { jsonWriter } from '../functions/json/to-json.ts';
import type { InternalRow, InternalValue, Long, StructType } from '../types/data-type.ts';
import { parseSchema } from '../types/ddl.ts';
import { eventTimeColumn } from './event-time.ts';
import type { OperatorSetup } from './physical-operator.ts';
import { schemaOf } from './row-objects.ts';

/** What a late row is told with; `row` and `key` are JSON objects. */
export const lateColumns: StructType = parseSchema(
  'operator STRING, watermark TIMESTAMP, eventTime TIMESTAMP, window STRUCT<start: TIMESTAMP, end: TIMESTAMP>, key STRING, row STRING',
);

/** Where late rows of an operator come from. */
export interface LateRowsSite {
  readonly operator: string;
  readonly setup: OperatorSetup;
  /** The columns of its input. */
  readonly columns: readonly Attribute[];
  readonly keys: readonly Attribute[];
  /** Of a row of the input. */
  readonly keyOf: (row: InternalRow) => InternalRow;
}

/** Hands a late row on; undefined when nobody wants it, which is what keeps rows free of any cost then. */
export type LateRowTaker = (row: InternalRow, watermarkUs: number | undefined) => void;

export function lateRowTaker({ operator, setup, columns, keys, keyOf }: LateRowsSite): LateRowTaker | undefined {
  const { late, wantsLate, timeZone } = setup;
  if (late === undefined) return undefined;
  const windowAt = columns.findIndex(isWindow);
  const timeAt = columns.findIndex((column) => eventTimeColumn([column]) === 0 && column.type.kind === 'timestamp');
  const own = columns.map((column, i) => ({ column, i })).filter(({ column }) => !isWindow(column));
  const plain = keys.map((column, i) => ({ column, i })).filter(({ column }) => !isWindow(column));
  const rowText = jsonWriter(schemaOf(own.map(({ column }) => column)), timeZone);
  const keyText = jsonWriter(schemaOf(plain.map(({ column }) => column)), timeZone);
  const pick = (row: InternalRow, from: typeof own): InternalValue => from.map(({ i }) => row[i] as InternalValue);
  return (row, watermarkUs) => {
    if (wantsLate?.() === false) return;
    late([
      operator,
      watermarkUs ?? null,
      timeAt < 0 ? null : (row[timeAt] as Long | null),
      windowAt < 0 ? null : (row[windowAt] as InternalValue),
      plain.length === 0 ? null : keyText(pick(keyOf(row), plain)),
      rowText(pick(row, own)),
    ]);
  };
}

function isWindow(column: Attribute): boolean {
  return column.watermarkDelayMs !== undefined && column.type.kind === 'struct';
}

/** The columns by name, as a block has them. */
export const lateColumnNames: readonly string[] = lateColumns.fields.map(({ name }) => name);
