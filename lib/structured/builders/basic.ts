import { Column, type ColumnOrName, columnExpression, sortOf } from '../expressions/column.ts';
import { type LiteralValue, literalOf } from '../expressions/literal-of.ts';
import { parseExpression } from '../sql/parse-expression.ts';
import { type ColumnArguments, call, columnsOf } from './build.ts';

export { when } from '../expressions/column.ts';

/** A column by its name: `amount`, `data.id`, `` `odd.name` ``, `*`. */
export function col(name: string): Column {
  return new Column(columnExpression(name));
}

/** The same as `col`. */
export function column(name: string): Column {
  return col(name);
}

/** A literal. Whole numbers are INT when they fit, else BIGINT; other numbers DOUBLE. A column is given back as it is. */
export function lit(value: LiteralValue | Column): Column {
  return value instanceof Column ? value : new Column(literalOf(value));
}

/**
 * An expression in Spark's SQL.
 *
 * @example
 * expr('amount * 2 AS twice').toString()   // => 'twice'
 */
export function expr(text: string): Column {
  return new Column(parseExpression(text));
}

/** Ascending, nulls first. */
export function asc(column: ColumnOrName): Column {
  return sorted(column, true, true);
}

export function ascNullsFirst(column: ColumnOrName): Column {
  return sorted(column, true, true);
}

export function ascNullsLast(column: ColumnOrName): Column {
  return sorted(column, true, false);
}

/** Descending, nulls last. */
export function desc(column: ColumnOrName): Column {
  return sorted(column, false, false);
}

export function descNullsFirst(column: ColumnOrName): Column {
  return sorted(column, false, true);
}

export function descNullsLast(column: ColumnOrName): Column {
  return sorted(column, false, false);
}

function sorted(column: ColumnOrName, ascending: boolean, nullsFirst: boolean): Column {
  return new Column({ ...sortOf(column), ascending, nullsFirst });
}

/** A function by its SQL name, also one that the session knows by `udf.register`. */
export function callFunction(name: string, ...args: ColumnArguments): Column {
  return call(name, ...columnsOf(args));
}

/** The same as `callFunction`. */
export function callUdf(name: string, ...args: ColumnArguments): Column {
  return callFunction(name, ...args);
}
