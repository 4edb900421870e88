import { raise } from '../../kernel/errors.ts';

/** A SQL text up to this length is shown whole; of a longer one the line of the error. */
const WHOLE_TEXT = 2000;
/** How much of a line is shown on each side of an error. */
const LINE_CONTEXT = 80;

/** Refuses a SQL text: line, position, and the text with a caret under the place, as Spark's parser prints it. */
export function syntaxError(text: string, from: number, near: string, hint = ''): never {
  const { line, position } = placeOf(text, from);
  return raise(
    'PARSE_SYNTAX_ERROR',
    { error: near, hint, line, position },
    { where: { sql: `\n== SQL ==\n${markedAt(text, from)}` } },
  );
}

/** Lines from 1, positions from 0, as a parser counts them. */
function placeOf(text: string, from: number): { readonly line: number; readonly position: number } {
  const before = text.slice(0, from);
  return { line: before.split('\n').length, position: from - before.lastIndexOf('\n') - 1 };
}

function markedAt(text: string, from: number): string {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = text.indexOf('\n', from);
  const until = lineEnd < 0 ? text.length : lineEnd;
  if (text.length <= WHOLE_TEXT) {
    return `${text.slice(0, until)}\n${'-'.repeat(from - lineStart)}^^^${text.slice(until)}`;
  }
  const start = Math.max(lineStart, from - LINE_CONTEXT);
  return `${text.slice(start, Math.min(until, from + LINE_CONTEXT))}\n${'-'.repeat(from - start)}^^^`;
}
