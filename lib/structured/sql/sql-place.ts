import type { ErrorWhere } from '../../kernel/errors.ts';
import type { TextPosition } from '../expressions/expression.ts';

/** How much of the text around a place is shown, in characters on each side: Spark's. */
const CONTEXT = 32;

/** A place in a SQL text as errors show it. */
export function sqlPlace(position: TextPosition): ErrorWhere {
  return { sql: contextOf(position) };
}

/**
 * The lines around a place with carets below it, as Spark prints the context of an error: lines and positions from 1, and dots where the
 * text goes on.
 *
 * @example
 * contextOf({ text: 'SELECT nope FROM t', at: 7, until: 11 })   // '== SQL (line 1, position 8) ==\nSELECT nope FROM t\n       ^^^^'
 */
function contextOf({ text, at, until }: TextPosition): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', until);
  const from = Math.max(lineStart, at - CONTEXT);
  const to = Math.min(lineEnd < 0 ? text.length : lineEnd, until + CONTEXT);
  const before = from > lineStart ? '...' : '';
  const after = to < (lineEnd < 0 ? text.length : lineEnd) ? '...' : '';
  const lines = shortened(before + text.slice(from, to) + after).split('\n');
  let index = from - before.length;
  const marked = lines.map((line) => {
    const first = Math.max(0, at - index);
    const last = Math.min(line.length, until - index);
    index += line.length + 1;
    return `${line}\n${' '.repeat(Math.min(first, line.length))}${'^'.repeat(Math.max(0, last - first))}`.trimEnd();
  });
  const line = countLines(text, at);
  return `== SQL (line ${line}, position ${at - lineStart + 1}) ==\n${marked.join('\n')}`;
}

/** A place as long as a program would bury the message. */
function shortened(text: string): string {
  return text.length <= 2000 ? text : text.slice(0, 2000);
}

function countLines(text: string, until: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < until; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
