import type { TextPosition } from '../expressions/expression.ts';
import { raise } from '../../kernel/errors.ts';
import { type Token, tokenize } from './lexer.ts';
import type { ParameterValues } from './parameters.ts';
import { syntaxError } from './syntax-error.ts';

/** How deep brackets, calls and types may nest: the parser and everything after it recurse. */
export const MAX_DEPTH = 400;

/** Reads the tokens of one SQL text from left to right. Keywords are given in capitals. */
export class TokenStream {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;
  /** How many `?` have been read. */
  markers = 0;
  /** How many of the angles of a `>>` at hand have been read. */
  private angles = 0;

  /** Values of the markers in the text. */
  readonly parameters: ParameterValues;

  constructor(text: string, parameters: ParameterValues = {}) {
    this.text = text;
    this.parameters = parameters;
    this.tokens = tokenize(text);
  }

  /** The token at hand, or one further on. */
  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (this.index < this.tokens.length - 1) this.index++;
    return token;
  }

  /** A place to come back to with `reset`. */
  mark(): number {
    return this.index;
  }

  reset(mark: number): void {
    this.index = mark;
  }

  /** Whether the next tokens are these keywords or symbols. */
  at(...keys: readonly string[]): boolean {
    return keys.every((key, i) => this.peek(i).key === key);
  }

  atAny(keys: ReadonlySet<string>): boolean {
    return keys.has(this.peek().key);
  }

  /** Steps over these keywords or symbols if they are next. */
  accept(...keys: readonly string[]): boolean {
    if (!this.at(...keys)) return false;
    this.index += keys.length;
    return true;
  }

  expect(...keys: readonly string[]): void {
    for (const key of keys) {
      if (!this.accept(key)) this.fail(`: '${key}' is missing`);
    }
  }

  /** Steps over one `>`, be it the first or second half of a `>>`. */
  closeAngle(): boolean {
    const { key } = this.peek();
    if (!/^>+$/u.test(key)) return false;
    if (++this.angles === key.length) {
      this.angles = 0;
      this.index++;
    }
    return true;
  }

  /** A name: a word or anything in backticks. */
  name(what = 'a name'): string {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'quoted') this.fail(`: ${what} is missing`);
    return this.next().value;
  }

  /** Refuses the text at the next token. */
  fail(hint = '', token: Token = this.peek()): never {
    const near = token.kind === 'end' ? 'end of input' : `'${this.text.slice(token.from, token.until)}'`;
    return syntaxError(this.text, token.from, near, hint);
  }

  position(token: Token = this.peek()): TextPosition {
    return { text: this.text, at: token.from, until: token.until };
  }

  /** From a token to the end of what was read last. */
  since(token: Token): TextPosition {
    return { text: this.text, at: token.from, until: this.tokens[this.index - 1]?.until ?? token.until };
  }

  /** Runs one level of recursion. */
  nested<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) raise('FAILED_TO_PARSE_TOO_COMPLEX', { limit: MAX_DEPTH });
    const result = parse();
    this.depth--;
    return result;
  }

  /** The whole text must have been read. */
  end(): void {
    this.accept(';');
    if (this.peek().kind !== 'end') this.fail();
  }
}
