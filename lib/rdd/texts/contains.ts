import { raise } from '../../kernel/errors.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { kindOf } from '../function-failure.ts';
import { alsoOnRows } from './byte-function.ts';
import { SelectedRows } from './derived-rows.ts';
import { patternOf } from './pattern.ts';
import { type TextElement, textOf } from './text-element.ts';

/**
 * A function for `filter`: whether a text, or the `value` of a record, contains another, as `includes` says it. Null contains nothing.
 *
 * @example
 * lines.filter(contains('ERROR'))   // 'ERROR a', 'INFO b' => 'ERROR a'
 */
export function contains(text: string): (element: TextElement) => boolean {
  if (typeof text !== 'string') {
    raise('RDD_ARGUMENT', { operator: 'contains', name: 'text', given: kindOf(text), expected: 'a text' });
  }
  const includes = (element: TextElement): boolean => textOf(element, 'contains')?.includes(text) ?? false;
  const pattern = patternOf(text);
  return pattern === undefined
    ? includes
    : alsoOnRows(includes, (rows: TextRows) => new SelectedRows(rows, rowsWith(rows, pattern)));
}

/** The rows in which the pattern lies. One search goes through all rows and what is between them. */
function rowsWith(rows: TextRows, pattern: Uint8Array): Int32Array {
  const { count, from, size } = rows;
  const found = new Int32Array(count);
  let n = 0;
  if (pattern.length === 0) {
    for (let row = 0; row < count; row++) if ((size[row] as number) >= 0) found[n++] = row;
    return found.subarray(0, n);
  }
  if (count === 0) return found;
  const until = (from[count - 1] as number) + Math.max(0, size[count - 1] as number);
  let row = 0;
  let at = rows.find(pattern, from[0] as number, until);
  while (at >= 0) {
    while (row < count && (from[row] as number) + (size[row] as number) <= at) row++;
    if (row === count) break;
    const start = from[row] as number;
    const end = start + (size[row] as number);
    if (at >= start && at + pattern.length <= end) {
      found[n++] = row++;
      at = rows.find(pattern, end, until);
    } else {
      // It begins or ends between the rows.
      at = rows.find(pattern, at + 1, until);
    }
  }
  return found.subarray(0, n);
}
