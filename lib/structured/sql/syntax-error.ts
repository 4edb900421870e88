import { raise } from '../../kernel/errors.ts';

/** Refuses a SQL text: line, position, the line itself and a caret under the place. */
export function syntaxError(text: string, from: number, until: number, near: string, hint = ''): never {
  return raise('PARSE_SYNTAX_ERROR', { error: near, hint, ...placeIn(text, from, until) });
}

/** Where an error is, in the words of Spark: lines from 1, positions from 0, and the text with a caret below. */
export function placeIn(
  text: string,
  from: number,
  until: number,
): { readonly line: number; readonly position: number; readonly extract: string } {
  const before = text.slice(0, from);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', from);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const position = from - lineStart;
  // A line as long as a program would bury the message.
  const start = Math.max(0, position - 80);
  const shown = line.slice(start, position + 80);
  const carets = '^'.repeat(Math.max(1, Math.min(until, lineStart + start + shown.length) - from));
  return {
    line: before.split('\n').length,
    position,
    extract: `\n${shown}\n${'-'.repeat(position - start)}${carets}\n`,
  };
}
