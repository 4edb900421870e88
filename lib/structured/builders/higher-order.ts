import { raise } from '../../kernel/errors.ts';
import { Column, expressionOf } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { type ColumnArgument, call, columnOf, given } from './build.ts';

/** A function of an element, or of it and its index. */
type OneOrTwo = (item: Column, index: Column) => unknown;
type Two = (a: Column, b: Column) => unknown;

/** How many lambdas are being built around this one: names of their variables must differ. */
let depth = 0;

/** A lambda of a JavaScript function over columns: called once, with columns that stand for its arguments. */
function lambda(build: (...args: readonly never[]) => unknown, counts: readonly number[]): Expression {
  const { length } = build;
  if (!counts.includes(length)) {
    raise('QUERY_COLUMN_ARGUMENT', {
      method: 'a higher-order function',
      actual: `a function of ${length} arguments`,
      expected: `one of ${counts.join(' or ')}`,
    });
  }
  depth++;
  try {
    // No column can have such a name, so a column of the row is never taken for a variable.
    const parameters = Array.from({ length }, (_, i) => `${'xyz'[i] ?? 'x'}#${depth}`);
    const variables = parameters.map((name) => new Column({ kind: 'name', parts: [name] }));
    const body = expressionOf((build as (...args: readonly Column[]) => unknown)(...variables));
    return { kind: 'lambda', parameters, body };
  } finally {
    depth--;
  }
}

/**
 * Each element of an array changed by a function of it, or of it and its index.
 *
 * @example
 * transform('tags', (tag) => F.upper(tag))
 */
export function transform(array: ColumnArgument, change: OneOrTwo): Column {
  return call('transform', columnOf(array), lambda(change, [1, 2]));
}

/** The elements for which a condition holds. */
export function filter(array: ColumnArgument, condition: OneOrTwo): Column {
  return call('filter', columnOf(array), lambda(condition, [1, 2]));
}

/** Whether a condition holds for some element. */
export function exists(array: ColumnArgument, condition: (item: Column) => unknown): Column {
  return call('exists', columnOf(array), lambda(condition, [1]));
}

/** Whether a condition holds for every element. */
export function forall(array: ColumnArgument, condition: (item: Column) => unknown): Column {
  return call('forall', columnOf(array), lambda(condition, [1]));
}

/** Merges the elements one after the other into a value that begins as `initial`; `finish` changes the last one. */
export function aggregate(
  array: ColumnArgument,
  initial: ColumnArgument,
  merge: (value: Column, item: Column) => unknown,
  finish?: (value: Column) => unknown,
): Column {
  const rest = given((last: (value: Column) => unknown) => lambda(last, [1]), finish);
  return call('aggregate', columnOf(array), columnOf(initial), lambda(merge, [2]), ...rest);
}

/** The same as `aggregate`. */
export function reduce(
  array: ColumnArgument,
  initial: ColumnArgument,
  merge: (value: Column, item: Column) => unknown,
  finish?: (value: Column) => unknown,
): Column {
  return aggregate(array, initial, merge, finish);
}

/** Elements of two arrays at the same places, made into one; the shorter array goes on with nulls. */
export function zipWith(left: ColumnArgument, right: ColumnArgument, merge: Two): Column {
  return call('zip_with', columnOf(left), columnOf(right), lambda(merge, [2]));
}

/** The elements in order, or by a function that compares two: negative, zero or positive. */
export function arraySort(array: ColumnArgument, compare?: Two): Column {
  return call('array_sort', columnOf(array), ...given((by: Two) => lambda(by, [2]), compare));
}

/** The map with keys changed by a function of key and value. */
export function transformKeys(map: ColumnArgument, change: Two): Column {
  return call('transform_keys', columnOf(map), lambda(change, [2]));
}

/** The map with values changed by a function of key and value. */
export function transformValues(map: ColumnArgument, change: Two): Column {
  return call('transform_values', columnOf(map), lambda(change, [2]));
}

/** The entries for which a condition of key and value holds. */
export function mapFilter(map: ColumnArgument, condition: Two): Column {
  return call('map_filter', columnOf(map), lambda(condition, [2]));
}

/** Two maps made into one by a function of key and both values; null where one has no such key. */
export function mapZipWith(
  left: ColumnArgument,
  right: ColumnArgument,
  merge: (key: Column, a: Column, b: Column) => unknown,
): Column {
  return call('map_zip_with', columnOf(left), columnOf(right), lambda(merge, [3]));
}
