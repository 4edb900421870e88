import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, type ColumnArguments, call, columnOf, columnsOf, given, valueOf } from './build.ts';

/** A map of keys and values by turns. */
export function createMap(...columns: ColumnArguments): Column {
  return call('map', ...columnsOf(columns));
}

/** A map of an array of keys and one of values. */
export function mapFromArrays(keys: ColumnArgument, values: ColumnArgument): Column {
  return call('map_from_arrays', columnOf(keys), columnOf(values));
}

/** A map of an array of structs of key and value. */
export function mapFromEntries(entries: ColumnArgument): Column {
  return call('map_from_entries', columnOf(entries));
}

/** The entries of all maps; a key in two of them is an error. */
export function mapConcat(...columns: ColumnArguments): Column {
  return call('map_concat', ...columnsOf(columns));
}

/** The keys of a map. */
export function mapKeys(map: ColumnArgument): Column {
  return call('map_keys', columnOf(map));
}

/** The values of a map. */
export function mapValues(map: ColumnArgument): Column {
  return call('map_values', columnOf(map));
}

/** The entries of a map as structs. */
export function mapEntries(map: ColumnArgument): Column {
  return call('map_entries', columnOf(map));
}

/** Whether a map has a key. */
export function mapContainsKey(map: ColumnArgument, key: unknown): Column {
  return call('map_contains_key', columnOf(map), valueOf(key));
}

/** An array of the values. */
export function array(...columns: ColumnArguments): Column {
  return call('array', ...columnsOf(columns));
}

/** Whether a value is in an array; null when it is not and the array has nulls. */
export function arrayContains(array: ColumnArgument, value: unknown): Column {
  return call('array_contains', columnOf(array), valueOf(value));
}

/** Whether a value that is no null is in both; null when not and one has nulls. */
export function arraysOverlap(a: ColumnArgument, b: ColumnArgument): Column {
  return call('arrays_overlap', columnOf(a), columnOf(b));
}

/** The elements as text, joined; nulls are left out, or replaced. */
export function arrayJoin(
  array: ColumnArgument,
  delimiter: string | Column,
  nullReplacement?: string | Column,
): Column {
  return call('array_join', columnOf(array), valueOf(delimiter), ...given(valueOf, nullReplacement));
}

/** The position from 1 of the first such element, 0 when there is none. */
export function arrayPosition(array: ColumnArgument, value: unknown): Column {
  return call('array_position', columnOf(array), valueOf(value));
}

/** The array without a value. */
export function arrayRemove(array: ColumnArgument, element: unknown): Column {
  return call('array_remove', columnOf(array), valueOf(element));
}

/** The array with a value at its end. */
export function arrayAppend(array: ColumnArgument, element: unknown): Column {
  return call('array_append', columnOf(array), valueOf(element));
}

/** The array with a value at its start. */
export function arrayPrepend(array: ColumnArgument, element: unknown): Column {
  return call('array_prepend', columnOf(array), valueOf(element));
}

/** The array with a value at a position. */
export function arrayInsert(array: ColumnArgument, position: ColumnArgument, element: unknown): Column {
  return call('array_insert', columnOf(array), columnOf(position), valueOf(element));
}

/** The elements without repetitions. */
export function arrayDistinct(array: ColumnArgument): Column {
  return call('array_distinct', columnOf(array));
}

/** The elements of both, without repetitions. */
export function arrayUnion(a: ColumnArgument, b: ColumnArgument): Column {
  return call('array_union', columnOf(a), columnOf(b));
}

/** The elements that are in both, without repetitions. */
export function arrayIntersect(a: ColumnArgument, b: ColumnArgument): Column {
  return call('array_intersect', columnOf(a), columnOf(b));
}

/** The elements of the first that are not in the second, without repetitions. */
export function arrayExcept(a: ColumnArgument, b: ColumnArgument): Column {
  return call('array_except', columnOf(a), columnOf(b));
}

/** The least element that is no null. */
export function arrayMin(array: ColumnArgument): Column {
  return call('array_min', columnOf(array));
}

/** The greatest element that is no null. */
export function arrayMax(array: ColumnArgument): Column {
  return call('array_max', columnOf(array));
}

/** The array without its nulls. */
export function arrayCompact(array: ColumnArgument): Column {
  return call('array_compact', columnOf(array));
}

/** A value so many times. */
export function arrayRepeat(element: ColumnArgument, times: ColumnArgument): Column {
  return call('array_repeat', columnOf(element), columnOf(times));
}

/** How many elements an array has. */
export function arraySize(array: ColumnArgument): Column {
  return call('array_size', columnOf(array));
}

/** The n-th elements of all arrays as structs. */
export function arraysZip(...arrays: ColumnArguments): Column {
  return call('arrays_zip', ...columnsOf(arrays));
}

/** The element at an index from 1 (negative from the end), or the value of a key. */
export function elementAt(column: ColumnArgument, key: unknown): Column {
  return call('element_at', columnOf(column), valueOf(key));
}

/** The element at an index from 1 (negative from the end), or the value of a key; null when there is none. */
export function tryElementAt(column: ColumnArgument, key: ColumnArgument): Column {
  return call('try_element_at', columnOf(column), columnOf(key));
}

/** The element at an index from 0, null outside of the array. */
export function get(array: ColumnArgument, index: ColumnArgument): Column {
  return call('get', columnOf(array), columnOf(index));
}

/** The elements from a start (from 1; negative from the end). */
export function slice(array: ColumnArgument, start: ColumnArgument, length: ColumnArgument): Column {
  return call('slice', columnOf(array), columnOf(start), columnOf(length));
}

/** The elements in order: nulls first when ascending, last when descending. */
export function sortArray(array: ColumnArgument, ascending?: boolean | Column): Column {
  return call('sort_array', columnOf(array), ...given(valueOf, ascending));
}

/** An array of arrays as one; null when one of them is. */
export function flatten(array: ColumnArgument): Column {
  return call('flatten', columnOf(array));
}

/** The values from a start to a stop (inclusive) by a step: whole numbers, dates, times. */
export function sequence(start: ColumnArgument, stop: ColumnArgument, step?: ColumnArgument): Column {
  return call('sequence', columnOf(start), columnOf(stop), ...given(columnOf, step));
}

/** The elements in random order. */
export function shuffle(array: ColumnArgument): Column {
  return call('shuffle', columnOf(array));
}

/** How many elements or entries there are; null for null. */
export function size(column: ColumnArgument): Column {
  return call('size', columnOf(column));
}

/** How many elements or entries there are; null for null. */
export function cardinality(column: ColumnArgument): Column {
  return call('cardinality', columnOf(column));
}

/** A map of text: pairs split by a delimiter (comma), keys and values by another (colon). */
export function strToMap(
  text: ColumnArgument,
  pairDelimiter?: ColumnArgument,
  keyValueDelimiter?: ColumnArgument,
): Column {
  return call('str_to_map', columnOf(text), ...given(columnOf, pairDelimiter), ...given(columnOf, keyValueDelimiter));
}

/** A struct of the columns, named as they are. */
export function struct(...columns: ColumnArguments): Column {
  return call('struct', ...columnsOf(columns));
}

/** A struct of names and values by turns. */
export function namedStruct(...namesAndValues: ColumnArguments): Column {
  return call('named_struct', ...columnsOf(namesAndValues));
}

/** One row for each element of an array or entry of a map. */
export function explode(column: ColumnArgument): Column {
  return call('explode', columnOf(column));
}

/** One row for each element of an array or entry of a map; a row of nulls when there is none. */
export function explodeOuter(column: ColumnArgument): Column {
  return call('explode_outer', columnOf(column));
}

/** One row for each element of an array or entry of a map, with its position. */
export function posexplode(column: ColumnArgument): Column {
  return call('posexplode', columnOf(column));
}

/** One row for each element of an array or entry of a map, with its position; a row of nulls when there is none. */
export function posexplodeOuter(column: ColumnArgument): Column {
  return call('posexplode_outer', columnOf(column));
}

/** One row for each struct of an array, one column for each field. */
export function inline(column: ColumnArgument): Column {
  return call('inline', columnOf(column));
}

/** One row for each struct of an array, one column for each field; a row of nulls when there is none. */
export function inlineOuter(column: ColumnArgument): Column {
  return call('inline_outer', columnOf(column));
}

/** The values in n rows, from left to right. */
export function stack(...columns: ColumnArguments): Column {
  return call('stack', ...columnsOf(columns));
}
