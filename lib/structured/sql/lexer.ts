import { raise } from '../../kernel/errors.ts';
import { sqlPlace } from './sql-place.ts';
import { syntaxError } from './syntax-error.ts';
import { unescapeSql } from './sql-string.ts';

/** A piece of a SQL text. `value` is what it stands for: the name without backticks, the text of a string without escapes. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  readonly value: string;
  readonly from: number;
  readonly until: number;
  /** Words without regard to case; symbols as they are; else empty. What the grammar compares. */
  readonly key: string;
}

/** Longest first, so that `<=>` is not read as `<=` and `>`. */
const symbols = [
  '<=>',
  '>>>',
  '<<',
  '>>',
  '<>',
  '!=',
  '==',
  '<=',
  '>=',
  '!<',
  '!>',
  '||',
  '|>',
  '->',
  '=>',
  '::',
  ...'()[]{},.;:+-*/%&|^~=<>!?@'.split(''),
];

const space = /[\s\u00A0\uFEFF]+/uy;
/** `1.5BD`, `1e3`, `.5`, `12L`. A word may begin with digits, so a number must not run into letters. */
const number = /(?:(?:\d+\.?\d*|\.\d+)E[+-]?\d+|\d+\.\d*|\.\d+|\d+)(?:BD|[LSYFD])?(?![\p{L}\p{N}_])/iuy;
const word = /[\p{L}\p{N}_]+/uy;
const lineComment = /--(?:\\\r?\n|[^\r\n])*/uy;

/** Cuts a SQL text into tokens as Spark's lexer does; the last one has the kind `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], value: string, until: number, key = ''): void => {
    tokens.push({ kind, value, from: at, until, key });
    at = until;
  };
  while (at < text.length) {
    const next = skipBlank(text, at);
    if (next > at) {
      at = next;
      continue;
    }
    const character = text[at] ?? '';
    const isRaw = /r/iu.test(character) && /['"]/u.test(text[at + 1] ?? '');
    if (isRaw) {
      const quote = text[at + 1] ?? '';
      const end = text.indexOf(quote, at + 2);
      if (end < 0) unclosed(text, at, 'string');
      push('string', text.slice(at + 2, end), end + 1);
    } else if (character === "'" || character === '"') {
      const end = endOfString(text, at, character);
      push('string', unescapeSql(text.slice(at + 1, end - 1), character), end);
    } else if (character === '`') {
      const end = endOfQuoted(text, at);
      push('quoted', text.slice(at + 1, end - 1).replaceAll('``', '`'), end);
    } else {
      const found = match(number, text, at);
      // After a dot that follows a name, `1` is a field: `a.1` is no number, but `a._1` and `1.5` are what they look like.
      if (found !== undefined && !(found.startsWith('.') && followsName(tokens, at))) {
        push('number', found, at + found.length);
        continue;
      }
      const name = match(word, text, at);
      if (name !== undefined) {
        push('word', name, at + name.length, name.toUpperCase());
        continue;
      }
      const symbol = symbols.find((candidate) => text.startsWith(candidate, at));
      if (symbol === undefined) syntaxError(text, at, `'${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`);
      push('symbol', symbol, at + symbol.length, symbol);
    }
  }
  push('end', '', at);
  return tokens;
}

function followsName(tokens: readonly Token[], at: number): boolean {
  const last = tokens.at(-1);
  return (
    last !== undefined && last.until === at && (last.kind === 'word' || last.kind === 'quoted' || last.key === ']')
  );
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skipBlank(text: string, at: number): number {
  const blank = match(space, text, at) ?? match(lineComment, text, at);
  if (blank !== undefined) return at + blank.length;
  if (!text.startsWith('/*', at)) return at;
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text.startsWith('/*', i)) depth++;
    else if (text.startsWith('*/', i)) depth--;
    else continue;
    i++;
    if (depth === 0) return i + 1;
  }
  return unclosed(text, at, 'comment');
}

/** A quote is written within a string as `\'` or `''`. */
function endOfString(text: string, from: number, quote: string): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) {
      if (text[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return unclosed(text, from, 'string');
}

function endOfQuoted(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] !== '`') continue;
    if (text[i + 1] !== '`') return i + 1;
    i++;
  }
  return unclosed(text, from, 'name');
}

function unclosed(text: string, at: number, what: string): never {
  if (what === 'comment')
    return raise('UNCLOSED_BRACKETED_COMMENT', {}, { where: sqlPlace({ text, at, until: at + 2 }) });
  return syntaxError(text, at, `'${text.slice(at, at + 12)}'`, `: this ${what} is not closed`);
}
