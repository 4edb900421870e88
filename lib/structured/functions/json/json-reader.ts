/**
 * JSON as Jackson reads it for Spark: numbers keep their text, objects their order and duplicates, what follows the value is ignored.
 * Options open the same doors that Spark's do.
 */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

export class JsonNumber {
  /** The text as it was written, without a leading plus. */
  readonly text: string;
  readonly isInteger: boolean;

  constructor(text: string, isInteger: boolean) {
    this.text = text;
    this.isInteger = isInteger;
  }
}

export class JsonObject {
  readonly keys: string[] = [];
  readonly values: Json[] = [];

  /** The last value under a key. */
  get(key: string): Json | undefined {
    return this.values[this.keys.lastIndexOf(key)];
  }
}

export interface JsonOptions {
  readonly allowComments: boolean;
  readonly allowUnquotedFieldNames: boolean;
  readonly allowSingleQuotes: boolean;
  readonly allowNumericLeadingZeros: boolean;
  readonly allowNonNumericNumbers: boolean;
  readonly allowBackslashEscapingAnyCharacter: boolean;
  readonly allowUnquotedControlChars: boolean;
}

/** Spark's options of these names, with its defaults. */
export function jsonOptions(options: Readonly<Record<string, string>> = {}): JsonOptions {
  const byName = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  const flag = (name: string, fallback: boolean): boolean => {
    const value = byName.get(name.toLowerCase());
    return value === undefined ? fallback : value === 'true';
  };
  return {
    allowComments: flag('allowComments', false),
    allowUnquotedFieldNames: flag('allowUnquotedFieldNames', false),
    allowSingleQuotes: flag('allowSingleQuotes', true),
    allowNumericLeadingZeros: flag('allowNumericLeadingZeros', false),
    allowNonNumericNumbers: flag('allowNonNumericNumbers', true),
    allowBackslashEscapingAnyCharacter: flag('allowBackslashEscapingAnyCharacter', false),
    allowUnquotedControlChars: flag('allowUnquotedControlChars', false),
  };
}

/** Nothing but blanks: no value, which is no error. */
export const noValue = Symbol('no value');

/** Not JSON. Never leaves this folder. */
const malformed = Symbol('malformed');

const maxDepth = 1000;
const maxNumberLength = 1000;

/** The first value of a text; `undefined` when it is malformed, `noValue` when there is none. */
export function readJson(text: string, options: JsonOptions): Json | typeof noValue | undefined {
  const reader = new JsonReader(text, options);
  try {
    return reader.first();
  } catch (error) {
    if (error === malformed) return undefined;
    throw error;
  }
}

class JsonReader {
  private readonly text: string;
  private readonly options: JsonOptions;
  private at = 0;

  constructor(text: string, options: JsonOptions) {
    this.text = text;
    this.options = options;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  first(): Json | typeof noValue {
    this.skipBlanks();
    return this.at >= this.text.length ? noValue : this.value(0);
  }

  private fail(): never {
    // No Error: it is caught a few frames up, for many records.
    // oxlint-disable-next-line typescript/only-throw-error, no-throw-literal
    throw malformed;
  }

  private skipBlanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.at++;
      else if (code === 47 && this.options.allowComments) this.skipComment();
      else return;
    }
  }

  private skipComment(): void {
    const isBlock = this.text[this.at + 1] === '*';
    if (!isBlock && this.text[this.at + 1] !== '/') this.fail();
    const end = this.text.indexOf(isBlock ? '*/' : '\n', this.at + 2);
    if (end < 0 && isBlock) this.fail();
    this.at = end < 0 ? this.text.length : end + (isBlock ? 2 : 1);
  }

  private value(depth: number): Json {
    if (depth > maxDepth) this.fail();
    const char = this.text[this.at];
    switch (char) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string('"');
      case "'":
        return this.options.allowSingleQuotes ? this.string("'") : this.fail();
      default:
        return this.scalar();
    }
  }

  private object(depth: number): JsonObject {
    const object = new JsonObject();
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] === '}') {
      this.at++;
      return object;
    }
    for (;;) {
      this.skipBlanks();
      object.keys.push(this.fieldName());
      this.skipBlanks();
      if (this.text[this.at] !== ':') this.fail();
      this.at++;
      this.skipBlanks();
      object.values.push(this.value(depth + 1));
      this.skipBlanks();
      const next = this.text[this.at++];
      if (next === '}') return object;
      if (next !== ',') this.fail();
    }
  }

  private fieldName(): string {
    const char = this.text[this.at];
    if (char === '"') return this.string('"');
    if (char === "'" && this.options.allowSingleQuotes) return this.string("'");
    if (!this.options.allowUnquotedFieldNames) this.fail();
    const name = /^[\p{L}\p{N}_$@#*+-]+/u.exec(this.text.slice(this.at, this.at + 1000))?.[0];
    if (name === undefined) this.fail();
    this.at += name.length;
    return name;
  }

  private array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] === ']') {
      this.at++;
      return items;
    }
    for (;;) {
      this.skipBlanks();
      items.push(this.value(depth + 1));
      this.skipBlanks();
      const next = this.text[this.at++];
      if (next === ']') return items;
      if (next !== ',') this.fail();
    }
  }

  private string(quote: '"' | "'"): string {
    const { text } = this;
    let from = ++this.at;
    let result = '';
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (Number.isNaN(code)) this.fail();
      if (code === (quote === '"' ? 34 : 39)) {
        result += text.slice(from, this.at++);
        return result;
      }
      if (code === 92) {
        result += text.slice(from, this.at) + this.escaped();
        from = this.at;
      } else {
        if (code < 32 && !this.options.allowUnquotedControlChars) this.fail();
        this.at++;
      }
    }
  }

  private escaped(): string {
    const char = this.text[this.at + 1] ?? this.fail();
    this.at += 2;
    if (char === 'u') {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9A-Fa-f]{4}$/u.test(digits)) this.fail();
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const known = escapes[char];
    if (known !== undefined) return known;
    if (char === "'" && this.options.allowSingleQuotes) return char;
    return this.options.allowBackslashEscapingAnyCharacter ? char : this.fail();
  }

  private scalar(): Json {
    const { text, at } = this;
    if (text.startsWith('true', at)) return this.word(4, true);
    if (text.startsWith('false', at)) return this.word(5, false);
    if (text.startsWith('null', at)) return this.word(4, null);
    if (this.options.allowNonNumericNumbers) {
      const special = /^(?:NaN|[+-]?Infinity|[+-]INF)/u.exec(text.slice(at, at + 10))?.[0];
      if (special !== undefined) return this.word(special.length, new JsonNumber(specials[special] ?? 'NaN', false));
    }
    numberPattern.lastIndex = at;
    const match = numberPattern.exec(text);
    if (match === null || match[0].length > maxNumberLength) return this.fail();
    const [whole, sign = '', integer = '', fraction, exponent] = match;
    if (integer.length > 1 && integer.startsWith('0') && !this.options.allowNumericLeadingZeros) this.fail();
    const isInteger = fraction === undefined && exponent === undefined;
    const digits = integer.replace(/^0+(?=\d)/u, '');
    return this.word(whole.length, new JsonNumber(sign + digits + (fraction ?? '') + (exponent ?? ''), isInteger));
  }

  /** A value that is followed by something that may follow one. */
  private word<T extends Json>(length: number, value: T): T {
    this.at += length;
    const next = this.text[this.at];
    if (next !== undefined && !/[\s,\]}:/]/u.test(next)) this.fail();
    return value;
  }
}

const numberPattern = /(-?)(\d+)(\.\d+)?([eE][+-]?\d+)?/uy;
const specials: Readonly<Record<string, string>> = {
  NaN: 'NaN',
  Infinity: 'Infinity',
  '+Infinity': 'Infinity',
  '+INF': 'Infinity',
  '-Infinity': '-Infinity',
  '-INF': '-Infinity',
};
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
