import { raise } from '../kernel/errors.ts';

/** One batch of a marble text. */
export interface MarbleBatch {
  /** Its elements; `null` for a batch without an RDD. */
  readonly elements: readonly unknown[] | null;
  /** The process dies in this batch, after the output was written, and is started again from the checkpoint. */
  readonly dies: boolean;
}

/** What words of a marble text stand for: records that cannot be written as a word, such as objects. */
export type MarbleValues = Readonly<Record<string, unknown>>;

/**
 * Batches as a line of text, time from left to right.
 *
 * `|` ends a batch; tokens are elements: numbers (`7`, `1.5`, `10n`, `NaN`), `true`, `false`, `null`, words, `k:v` a pair, `1,2` or `[1,2]` an array, `[]` and `[1]`
 * shorter ones. Quotes hold a text together, whatever is in it: `'to be'`, `'1'`, `'don\'t'`. Nothing at all is an empty batch, `~` one
 * without an RDD, `!` one in which the process dies.
 *
 * @example
 * parseMarbles("a:1 'b c' | ~ | 2 !").map(batch => batch.elements)   // => [[['a', 1], 'b c'], null, [2]]
 */
export function parseMarbles(text: string, values: MarbleValues = {}): MarbleBatch[] {
  return new MarbleReader(text, values).batches();
}

/**
 * An element as a token, the inverse of what `parseMarbles` reads.
 *
 * @example
 * marbleOf(['a', [1, null]])   // => 'a:1,null'
 */
export function marbleOf(element: unknown): string {
  return marbleText(element, {});
}

/** As `marbleOf`; an object that a word stands for is that word. */
export function marbleText(element: unknown, values: MarbleValues = {}): string {
  const names = new Map(
    Object.entries(values).flatMap(([name, value]) => (isObject(value) ? [[objectText(value), name] as const] : [])),
  );
  return new MarbleWriter(names).element(element);
}

/** What ends a word. */
const wordEnd = /[\s|:,'[\]]/u;

/** A reader of one marble text, from left to right. */
class MarbleReader {
  readonly #text: string;
  readonly #values: MarbleValues;
  #at = 0;

  constructor(text: string, values: MarbleValues) {
    this.#text = text;
    this.#values = values;
  }

  batches(): MarbleBatch[] {
    const batches = [this.#batch()];
    while (this.#takes('|')) batches.push(this.#batch());
    return batches;
  }

  #batch(): MarbleBatch {
    const elements: unknown[] = [];
    let [dies, isMissing] = [false, false];
    for (this.#skipSpace(); !this.#isAtEnd() && this.#next() !== '|'; this.#skipSpace()) {
      if (this.#takesAlone('!')) dies = true;
      else if (this.#takesAlone('~')) isMissing = true;
      else elements.push(this.#element());
    }
    if (!isMissing) return { elements, dies };
    if (elements.length > 0) this.#refuse('~ stands alone: a batch without an RDD has no elements');
    return { elements: null, dies };
  }

  #element(): unknown {
    const first = this.#value();
    return this.#takes(':') ? [first, this.#element()] : first;
  }

  #value(): unknown {
    const first = this.#single();
    if (this.#next() !== ',') return first;
    const list = [first];
    while (this.#takes(',')) list.push(this.#single());
    return list;
  }

  #single(): unknown {
    if (this.#takes('[')) return this.#list();
    if (this.#takes("'")) return this.#quoted();
    const start = this.#at;
    while (!this.#isAtEnd() && !wordEnd.test(this.#next())) this.#at += 1;
    const word = this.#text.slice(start, this.#at);
    if (word === '') this.#refuse(`a value is missing before ${this.#rest()}`);
    return Object.hasOwn(this.#values, word) ? this.#values[word] : valueOfWord(word);
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    while (!this.#takes(']')) {
      if (this.#isAtEnd()) this.#refuse('a [ has no ]');
      if (list.length > 0 && !this.#takes(',')) this.#refuse(`a , or ] is missing before ${this.#rest()}`);
      list.push(this.#single());
    }
    return list;
  }

  #quoted(): string {
    let text = '';
    while (!this.#takes("'")) {
      if (this.#isAtEnd()) this.#refuse("a ' has no second one");
      if (this.#next() === '\\') this.#at += 1;
      text += this.#next();
      this.#at += 1;
    }
    return text;
  }

  #takes(character: string): boolean {
    const isNext = this.#next() === character;
    if (isNext) this.#at += 1;
    return isNext;
  }

  /** Takes a mark that is a token of its own: `!` is one, `!a` is a word. */
  #takesAlone(mark: string): boolean {
    const after = this.#text[this.#at + 1];
    if (this.#next() !== mark || !(after === undefined || /[\s|]/u.test(after))) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (/\s/u.test(this.#next())) this.#at += 1;
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #rest(): string {
    return this.#isAtEnd() ? 'the end' : `"${this.#text.slice(this.#at).trim()}"`;
  }

  #refuse(problem: string): never {
    return raise('TESTING_MARBLES', { text: this.#text.trim(), problem });
  }
}

function valueOfWord(word: string): unknown {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  if (/^-?\d+n$/u.test(word)) return BigInt(word.slice(0, -1));
  return /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/u.test(word) ? Number(word) : word;
}

/** A writer of tokens, with the words that stand for objects by the text of those. */
class MarbleWriter {
  readonly #names: ReadonlyMap<string, string>;

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  element(element: unknown): string {
    if (!Array.isArray(element) || element.length !== 2) return this.#value(element);
    return `${this.#nested(element[0])}:${this.#value(element[1])}`;
  }

  #value(value: unknown): string {
    if (!Array.isArray(value) || value.length < 2) return this.#nested(value);
    return value.map((inner) => this.#nested(inner)).join(',');
  }

  #nested(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((inner) => this.#nested(inner)).join(',')}]`;
    if (typeof value === 'bigint') return `${value}n`;
    if (!isObject(value)) return typeof value === 'string' ? wordOf(value) : String(value);
    const text = objectText(value);
    return this.#names.get(text) ?? text;
  }
}

function wordOf(text: string): string {
  const isWord = text !== '' && !wordEnd.test(text) && text !== '~' && text !== '!' && valueOfWord(text) === text;
  return isWord ? text : `'${text.replaceAll(/['\\]/gu, String.raw`\$&`)}'`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object as JSON with its keys in order: equal objects have equal texts. */
function objectText(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
