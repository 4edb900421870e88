import type { Expression } from '../expressions/expression.ts';
import { QueryParser } from './query-parser.ts';
import { TokenStream } from './token-stream.ts';
import { raise } from '../../kernel/errors.ts';

/**
 * An expression in Spark's SQL, with an alias if it has one: `amount * 2 AS double`, `data.*`, `count(*) FILTER (WHERE v > 1)`.
 *
 * A text that is none raises `PARSE_SYNTAX_ERROR` with line, position and a caret.
 */
export function parseExpression(text: string): Expression {
  const tokens = new TokenStream(text);
  if (tokens.peek().kind === 'end') raise('PARSE_EMPTY_STATEMENT', {});
  const expression = new QueryParser(tokens, withoutIds).expressions.named();
  tokens.end();
  return expression;
}

/** No DataFrame refers to the nodes of a query within an expression. */
const withoutIds = { nextId: () => 0 };

/** The parts of a column's name: `a.b`, `` `odd name`.x ``. */
export function parseColumnName(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  const part = /\s*(?:`((?:[^`]|``)*)`|([^.`]+?))\s*(?:\.|$)/uy;
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) return undefined;
    parts.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('``', '`'));
    at += found[0].length;
  }
  return parts.length === 0 || text.endsWith('.') ? undefined : parts;
}
