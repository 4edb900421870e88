import { Column } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { type ColumnArgument, type ColumnArguments, call, columnOf, columnsOf, given, valueOf } from './build.ts';

/** How many different combinations of values there are, without those that hold a null. */
export function countDistinct(first: ColumnArgument, ...more: ColumnArguments): Column {
  return distinct('count', [columnOf(first), ...columnsOf(more)]);
}

/** The sum of the different values. */
export function sumDistinct(values: ColumnArgument): Column {
  return distinct('sum', [columnOf(values)]);
}

/** The texts joined with a delimiter, each once. */
export function listaggDistinct(values: ColumnArgument, delimiter?: string | Column): Column {
  return distinct('listagg', [columnOf(values), ...given(valueOf, delimiter)]);
}

/** The same as `listaggDistinct`. */
export function stringAggDistinct(values: ColumnArgument, delimiter?: string | Column): Column {
  return distinct('string_agg', [columnOf(values), ...given(valueOf, delimiter)]);
}

function distinct(name: string, args: readonly Expression[]): Column {
  return new Column({ kind: 'call', name, args, distinct: true });
}

/** What `first` and `last` take as a second argument, also as a plain truth value. */
export interface NullOptions {
  readonly ignorenulls?: boolean;
  readonly ignoreNulls?: boolean;
}

/** The first value of a group in order of arrival; with `ignorenulls` the first that is not null. */
export function first(values: ColumnArgument, options?: boolean | NullOptions): Column {
  return passingNulls('first', values, options);
}

export function firstValue(values: ColumnArgument, options?: boolean | NullOptions): Column {
  return passingNulls('first_value', values, options);
}

/** The last value of a group in order of arrival; with `ignorenulls` the last that is not null. */
export function last(values: ColumnArgument, options?: boolean | NullOptions): Column {
  return passingNulls('last', values, options);
}

export function lastValue(values: ColumnArgument, options?: boolean | NullOptions): Column {
  return passingNulls('last_value', values, options);
}

/** Some value of a group. */
export function anyValue(values: ColumnArgument, options?: boolean | NullOptions): Column {
  return passingNulls('any_value', values, options);
}

/** The value at a position of a window, counted from 1. */
export function nthValue(values: ColumnArgument, offset: number | Column, ignoreNulls = false): Column {
  const options = ignoreNulls ? { options: { ignoreNulls: 'true' } } : {};
  return new Column({ kind: 'call', name: 'nth_value', args: [columnOf(values), valueOf(offset)], ...options });
}

function passingNulls(name: string, values: ColumnArgument, options: boolean | NullOptions = false): Column {
  const ignores = typeof options === 'boolean' ? options : (options.ignorenulls ?? options.ignoreNulls ?? false);
  const extra = ignores ? { options: { ignoreNulls: 'true' } } : {};
  return new Column({ kind: 'call', name, args: [columnOf(values)], ...extra });
}

/** The natural logarithm, or with two arguments the logarithm of the second to the base of the first. */
export function log(base: number | ColumnArgument, argument?: ColumnArgument): Column {
  return argument === undefined
    ? call('ln', columnOf(base))
    : call('log', columnOf(base), ...given(columnOf, argument));
}
