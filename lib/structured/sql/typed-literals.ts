import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import { dateText, parseDate } from '../types/calendar.ts';
import { parseTime, timeType } from '../types/time.ts';
import { localText, parseTimestampNtz, parseTimestampParts } from '../types/timestamp.ts';
import { atomic } from '../types/type-classes.ts';
import { call } from './grammar.ts';
import { literal } from './literals.ts';
import type { Token } from './lexer.ts';
import { sqlPlace } from './sql-place.ts';
import type { TokenStream } from './token-stream.ts';

const kinds = new Set(['DATE', 'TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIME', 'X']);

/** Whether the next tokens are a type and a text: `DATE '2024-01-01'`. */
export function atTypedLiteral(tokens: TokenStream): boolean {
  return tokens.atAny(kinds) && tokens.peek(1).kind === 'string';
}

/** `DATE'...'`, `TIMESTAMP'...'`, `X'1F'`. A time without a zone is one of the session's zone, so it stays a cast until analysis. */
export function typedLiteral(tokens: TokenStream): Expression {
  const kind = tokens.next().key;
  const token = tokens.next();
  const text = token.value;
  const special = text.trim().toLowerCase();
  switch (kind) {
    case 'X':
      return binary(tokens, token);
    case 'DATE': {
      const relative: Readonly<Record<string, number>> = { yesterday: -1, tomorrow: 1 };
      const shift = relative[special];
      if (special === 'today' || special === 'now') return call('current_date');
      if (shift !== undefined) return call('date_add', call('current_date'), literal('int', shift));
      const days = special === 'epoch' ? 0 : parseDate(text);
      if (days === undefined) return refuse(tokens, token, kind);
      return { kind: 'literal', type: atomic('date'), value: days, text: `DATE '${dateText(days)}'` };
    }
    case 'TIME': {
      const nanos = parseTime(text);
      if (nanos === undefined) return refuse(tokens, token, kind);
      return { kind: 'literal', type: timeType(), value: nanos };
    }
    case 'TIMESTAMP_NTZ': {
      const local = special === 'epoch' ? 0 : parseTimestampNtz(text);
      if (local === undefined) return refuse(tokens, token, kind);
      const shown = `TIMESTAMP_NTZ '${localText(local)}'`;
      return { kind: 'literal', type: atomic('timestamp_ntz'), value: local, text: shown };
    }
    default: {
      if (special === 'now') return call('current_timestamp');
      if (special === 'epoch') return literal('timestamp', 0);
      const parsed = parseTimestampParts(text);
      if (parsed === undefined) return refuse(tokens, token, kind);
      const shown = `TIMESTAMP '${parsed.zone === undefined ? localText(parsed.local) : text.trim()}'`;
      const child = literal('string', text);
      return { kind: 'cast', child, type: atomic('timestamp'), mode: 'cast', text: shown };
    }
  }
}

function binary(tokens: TokenStream, token: Token): Expression {
  const { value } = token;
  if (!/^[0-9a-f]*$/iu.test(value)) return refuse(tokens, token, 'X');
  const digits = value.length % 2 === 0 ? value : `0${value}`;
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
  return literal('binary', bytes);
}

function refuse(tokens: TokenStream, token: Token, kind: string): never {
  return raise(
    'INVALID_TYPED_LITERAL',
    { valueType: `"${kind}"`, value: `'${token.value}'` },
    { where: sqlPlace({ ...tokens.position(token), at: tokens.peek(-2).from }) },
  );
}
