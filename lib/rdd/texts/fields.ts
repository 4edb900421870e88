import { raise } from '../../kernel/errors.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { kindOf } from '../function-failure.ts';
import { alsoOnRows } from './byte-function.ts';
import { PartRows } from './derived-rows.ts';
import { patternOf } from './pattern.ts';
import { type TextElement, textOf } from './text-element.ts';

/**
 * A function for `map`: the fields of a line, or of the `value` of a record, as `split(separator)` cuts them. With one position the field
 * there, with several an array of those; positions begin at 0. A field that is missing is null, and null has no fields.
 *
 * @example
 * lines.map(fields(','))         // 'a,b,c' => ['a', 'b', 'c']
 * lines.map(fields(',', 1))      // 'a,b,c' => 'b'
 * lines.map(fields(',', 2, 0))   // 'a,b,c' => ['c', 'a']
 */
export function fields(separator: string): (element: TextElement) => string[];
export function fields(separator: string, position: number): (element: TextElement) => string | null;
export function fields(
  separator: string,
  ...positions: readonly [number, number]
): (element: TextElement) => [string | null, string | null];
export function fields(separator: string, ...positions: readonly number[]): (element: TextElement) => (string | null)[];
export function fields(separator: string, ...positions: readonly number[]): (element: TextElement) => unknown {
  checkArguments(separator, positions);
  const [position] = positions;
  if (position === undefined) return (element) => fieldsOf(element, separator);
  if (positions.length > 1) {
    return (element) => {
      const all = fieldsOf(element, separator);
      return positions.map((at) => all[at] ?? null);
    };
  }
  const one = (element: TextElement): string | null => fieldOf(textOf(element, 'fields'), separator, position);
  const pattern = patternOf(separator);
  return pattern === undefined ? one : alsoOnRows(one, (rows: TextRows) => fieldRows(rows, pattern, position));
}

function checkArguments(separator: unknown, positions: readonly unknown[]): void {
  if (typeof separator !== 'string' || separator === '') {
    const given = separator === '' ? "''" : kindOf(separator);
    raise('RDD_ARGUMENT', { operator: 'fields', name: 'separator', given, expected: 'a text that is not empty' });
  }
  for (const position of positions) {
    if (Number.isSafeInteger(position) && (position as number) >= 0) continue;
    const given = String(position);
    raise('RDD_ARGUMENT', { operator: 'fields', name: 'position', given, expected: 'a whole number from 0' });
  }
}

function fieldsOf(element: TextElement, separator: string): string[] {
  return textOf(element, 'fields')?.split(separator) ?? [];
}

/** One field without the others. */
function fieldOf(text: string | null, separator: string, position: number): string | null {
  if (text === null) return null;
  let start = 0;
  for (let i = 0; i < position; i++) {
    const at = text.indexOf(separator, start);
    if (at < 0) return null;
    start = at + separator.length;
  }
  const end = text.indexOf(separator, start);
  return text.slice(start, end < 0 ? undefined : end);
}

function fieldRows(rows: TextRows, pattern: Uint8Array, position: number): TextRows<string | null> {
  const { count } = rows;
  const from = new Int32Array(count);
  const size = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    let start = rows.from[row] as number;
    const end = start + (rows.size[row] as number);
    let field = end < start ? -1 : 0;
    while (field >= 0 && field < position) {
      const at = rows.find(pattern, start, end);
      if (at < 0) field = -1;
      else {
        start = at + pattern.length;
        field += 1;
      }
    }
    const stop = field < 0 ? -1 : rows.find(pattern, start, end);
    from[row] = start;
    size[row] = field < 0 ? -1 : (stop < 0 ? end : stop) - start;
  }
  return new PartRows(rows, { from, size });
}
