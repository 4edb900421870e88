import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import { sqlPlace } from './sql-place.ts';
import type { TokenStream } from './token-stream.ts';

/** Values for the markers of a SQL text: by name for `:name`, in order for `?`. */
export interface ParameterValues {
  readonly named?: ReadonlyMap<string, Expression>;
  readonly positional?: readonly Expression[];
}

/** The value of the marker at the next token, `:name` or `?`; nothing when it is none. */
export function parameter(tokens: TokenStream): Expression | undefined {
  const start = tokens.peek();
  const { named, positional } = tokens.parameters;
  if (tokens.accept('?')) {
    const index = tokens.markers++;
    return positional?.[index] ?? unbound(tokens, start.from, `_${start.from}`);
  }
  const next = tokens.peek(1);
  if (start.key !== ':' || next.kind !== 'word') return undefined;
  tokens.next();
  tokens.next();
  return named?.get(next.value) ?? unbound(tokens, start.from, next.value);
}

function unbound(tokens: TokenStream, at: number, name: string): never {
  const { text } = tokens;
  return raise(
    'UNBOUND_SQL_PARAMETER',
    { name: `\`${name}\`` },
    { where: sqlPlace({ text, at, until: tokens.peek(-1).until }) },
  );
}
