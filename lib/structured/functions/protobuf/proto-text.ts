import {
  deepest,
  invalidSchema,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
} from './proto-file.ts';

const token = /\s+|\/\/[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w.+-]+|[^\s\w"'])/uy;

/** Types that a field may have which are neither message nor enum. */
export const scalars: ReadonlySet<string> = new Set(
  'double float int64 uint64 int32 fixed64 fixed32 bool string bytes uint32 sfixed32 sfixed64 sint32 sint64'.split(' '),
);

/** The definitions in the text of a file `.proto`, syntax proto2 or proto3, as schema registries keep them. */
export function parseProtoText(text: string): ProtoFile {
  return new ProtoText(text).file();
}

class ProtoText {
  readonly #tokens: string[] = [];
  #at = 0;
  #isProto3 = false;
  readonly #messages: ProtoMessage[] = [];
  readonly #enums: ProtoEnum[] = [];

  constructor(text: string) {
    token.lastIndex = 0;
    while (token.lastIndex < text.length) {
      const from = token.lastIndex;
      if (text.startsWith('/*', from)) {
        const end = text.indexOf('*/', from + 2);
        token.lastIndex = end < 0 ? text.length : end + 2;
        continue;
      }
      const found = token.exec(text);
      if (found === null) invalidSchema(`its text cannot be read at ${JSON.stringify(text.slice(from, from + 20))}`);
      else if (found[1] !== undefined) this.#tokens.push(found[1]);
    }
  }

  file(): ProtoFile {
    let scope = '';
    let count = 0;
    const imports: string[] = [];
    while (this.#at < this.#tokens.length) {
      const word = this.#next();
      if (word === 'syntax') {
        this.#expect('=');
        const syntax = unquoted(this.#next());
        if (syntax !== 'proto2' && syntax !== 'proto3') invalidSchema(`it has the syntax ${syntax}`);
        this.#isProto3 = syntax === 'proto3';
        this.#expect(';');
      } else if (word === 'package') {
        scope = this.#next();
        this.#expect(';');
      } else if (word === 'import') {
        const next = this.#next();
        imports.push(unquoted(next === 'public' || next === 'weak' ? this.#next() : next));
        this.#expect(';');
      } else if (word === 'message') this.#message(scope, String(count++), 0);
      else if (word === 'enum') this.#enum(scope);
      else if (word === 'option' || word === 'extend' || word === 'service') this.#leave();
      else if (word === 'edition') invalidSchema('it is of an edition');
      else if (word !== ';') this.#wrong(word);
    }
    return { messages: this.#messages, enums: this.#enums, imports };
  }

  #message(scope: string, path: string, depth: number): void {
    if (depth > deepest) invalidSchema(`messages are more than ${deepest} deep`);
    const name = within(scope, this.#next());
    const fields: ProtoField[] = [];
    let nested = 0;
    let oneofs = 0;
    // Types of maps stand among the nested messages, in the order of the file.
    const map = (): void => {
      fields.push(this.#map(name, `${path}.${nested++}`));
    };
    const at = this.#messages.length;
    this.#expect('{');
    for (let word = this.#next(); word !== '}'; word = this.#next()) {
      if (word === 'message') this.#message(name, `${path}.${nested++}`, depth + 1);
      else if (word === 'enum') this.#enum(name);
      else if (word === 'map' && this.#tokens[this.#at] === '<') map();
      else if (word === 'oneof') {
        this.#next();
        this.#expect('{');
        const oneof = oneofs++;
        for (let type = this.#next(); type !== '}'; type = this.#next()) {
          if (type === 'option') this.#leave();
          else fields.push(this.#field('optional', type, oneof));
        }
      } else if (word === 'option' || word === 'extend' || word === 'reserved' || word === 'extensions') this.#leave();
      else if (word === 'repeated' || word === 'required') fields.push(this.#field(word, this.#next()));
      else if (word === 'optional') fields.push(this.#field('optional', this.#next(), undefined, true));
      else if (word !== ';') fields.push(this.#field('optional', word));
    }
    this.#messages.splice(at, 0, { name, fields, isMapEntry: false, path, isProto3: this.#isProto3 });
  }

  #map(scope: string, path: string): ProtoField {
    this.#expect('<');
    const key = this.#next();
    this.#expect(',');
    const value = this.#next();
    this.#expect('>');
    const field = this.#field('repeated', '');
    const camel = field.name.replaceAll(/(?:^|_)([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    const name = `${scope}.${camel}Entry`;
    const part = { label: 'optional', hasPresence: false, isPacked: false } as const;
    const fields = [
      { ...part, name: 'key', number: 1, type: key },
      { ...part, name: 'value', number: 2, type: value },
    ];
    this.#messages.push({ name, fields, isMapEntry: true, path, isProto3: this.#isProto3 });
    return { ...field, type: `.${name}` };
  }

  #field(label: ProtoField['label'], type: string, oneof?: number, isOptional = false): ProtoField {
    if (type === 'group') return invalidSchema('it has a group');
    const name = this.#next();
    this.#expect('=');
    const number = this.#integer();
    const options = this.#options();
    this.#expect(';');
    const given = options.get('default');
    const packed = options.get('packed');
    return {
      name,
      number,
      label,
      type,
      ...(oneof === undefined ? {} : { oneof }),
      hasPresence: label !== 'repeated' && (!this.#isProto3 || oneof !== undefined || isOptional),
      isPacked: packed === undefined ? this.#isProto3 : packed === 'true',
      ...(given === undefined ? {} : { default: unquoted(given) }),
    };
  }

  /** What stands in brackets behind a field or a value. */
  #options(): ReadonlyMap<string, string> {
    const options = new Map<string, string>();
    if (this.#tokens[this.#at] !== '[') return options;
    this.#at++;
    for (let word = this.#next(); word !== ']'; word = this.#next()) {
      if (this.#tokens[this.#at] !== '=') continue;
      this.#at++;
      if (this.#tokens[this.#at] === '{') this.#leave();
      else options.set(word, this.#next());
    }
    return options;
  }

  #enum(scope: string): void {
    const name = within(scope, this.#next());
    const values: [string, number][] = [];
    this.#expect('{');
    for (let word = this.#next(); word !== '}'; word = this.#next()) {
      if (word === 'option' || word === 'reserved') this.#leave();
      else if (word !== ';') {
        this.#expect('=');
        values.push([word, this.#integer()]);
        this.#options();
        this.#expect(';');
      }
    }
    this.#enums.push({ name, values, isProto3: this.#isProto3 });
  }

  /** Goes on behind a statement that says nothing about values: its semicolon, or its braces. */
  #leave(): void {
    let depth = 0;
    for (;;) {
      const word = this.#next();
      if (word === '{') depth++;
      else if (word === '}' && --depth === 0) break;
      else if (word === ';' && depth === 0) break;
      if (depth < 0) this.#wrong(word);
    }
    if (this.#tokens[this.#at] === ';') this.#at++;
  }

  #integer(): number {
    const word = this.#next();
    const value = word === '-' ? -Number(this.#next()) : Number(word);
    return Number.isInteger(value) ? value : this.#wrong(word);
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? invalidSchema('its text ends too early');
  }

  #expect(wanted: string): void {
    const word = this.#next();
    if (word !== wanted) this.#wrong(word);
  }

  #wrong(word: string): never {
    const before = this.#tokens.slice(Math.max(0, this.#at - 4), this.#at - 1).join(' ');
    return invalidSchema(`${JSON.stringify(word)} is not expected after ${JSON.stringify(before)}`);
  }
}

const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);

function unquoted(text: string): string {
  return /^["']/u.test(text) ? text.slice(1, -1) : text;
}
