import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import { Column } from '../expressions/column.ts';
import type { DataType } from '../types/data-type.ts';
import { parseType } from '../types/ddl.ts';
import { type ColumnArguments, columnsOf } from './build.ts';

export interface UdfOptions {
  /** The name in column names, plans and errors; the function's own when left out. */
  readonly name?: string;
  /** False for a function that gives other results for the same arguments: it is then neither moved nor folded. */
  readonly deterministic?: boolean;
}

/**
 * Makes a function of columns from a JavaScript function. It gets values as rows show them (null for null) and gives one of
 * `returnType`, a type or its DDL text. It must not be async.
 *
 * @example
 * const initials = udf((name: string | null) => name?.slice(0, 1) ?? null, 'string')
 * people.select(initials('name').alias('initial'))
 */
export function udf(
  call: (...args: never) => unknown,
  returnType: string | DataType = 'string',
  options: UdfOptions = {},
): (...args: ColumnArguments) => Column {
  if (typeof call !== 'function') {
    raise('QUERY_COLUMN_ARGUMENT', { method: 'udf', actual: `a ${typeof call}`, expected: 'a function' });
  }
  const returns = typeof returnType === 'string' ? parseType(returnType) : returnType;
  const name = options.name ?? (call.name === '' ? 'udf' : call.name);
  return (...args) =>
    new Column({
      kind: 'udf',
      name,
      call: call as unknown as (...args: readonly unknown[]) => unknown,
      returns,
      args: columnsOf(args),
      deterministic: options.deterministic ?? true,
    });
}

/** Marks a DataFrame as small, for joins. On one machine there is nothing to send, so the result is the same. */
export function broadcast(frame: DataFrame): DataFrame {
  return frame.hint('broadcast');
}
