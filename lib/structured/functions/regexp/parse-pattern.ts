import {
  type PatternFlags,
  type PatternReader,
  characterClass,
  escapedClass,
  escapedCode,
  literalSource,
  nextCode,
  quotedText,
} from './character-class.ts';
import type { ParsedPattern, RegExpNode } from './syntax.ts';

/** Java's line terminators. */
const terminators = '\\n\\r\\u{85}\\u{2028}\\u{2029}';
const terminator = `(?:\\r\\n|[${terminators}])`;
const wordClass = '[\\p{L}\\p{Nd}_]';
const boundary = `(?:(?<=${wordClass})(?!${wordClass})|(?<!${wordClass})(?=${wordClass}))`;

/** The end, or in front of a line terminator at the end. */
const lastLine = `(?=${terminator}?$)(?<!\\r(?=\\n))`;

const assertions: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: lastLine,
  b: boundary,
  B: `(?!${boundary})`,
};

const noFlags: PatternFlags = { i: false, m: false, s: false, x: false, u: false };

/** Java's syntax of regular expressions as a tree. `fail` is told what is wrong. */
export function parsePattern(text: string, fail: (reason: string) => never): ParsedPattern {
  return new PatternParser(text, fail).parse();
}

class PatternParser implements PatternReader {
  at = 0;
  private groupCount = 0;
  private flags = noFlags;
  private readonly names = new Map<string, number>();

  readonly text: string;
  readonly fail: (reason: string) => never;

  constructor(text: string, fail: (reason: string) => never) {
    this.text = text;
    this.fail = fail;
  }

  parse(): ParsedPattern {
    const root = this.alternatives();
    if (this.at < this.text.length) this.fail('a closing bracket has no opening one');
    return { root, groupCount: this.groupCount, names: this.names };
  }

  private alternatives(): RegExpNode {
    const outer = this.flags;
    const branches = [this.sequence()];
    while (this.accept('|')) branches.push(this.sequence());
    // Flags that were set within a group end with it.
    this.flags = outer;
    return branches.length === 1 ? (branches[0] as RegExpNode) : { kind: 'either', branches };
  }

  private sequence(): RegExpNode {
    const items: RegExpNode[] = [];
    for (;;) {
      this.skipComments();
      const char = this.text[this.at];
      if (char === undefined || char === '|' || char === ')') break;
      const found = this.item();
      if (found === undefined) continue;
      // A quantifier behind quoted text repeats its last character.
      items.push(...found.slice(0, -1), this.quantified(found.at(-1) as RegExpNode));
    }
    return items.length === 1 ? (items[0] as RegExpNode) : { kind: 'sequence', items };
  }

  private skipComments(): void {
    if (!this.flags.x) return;
    const found = /^(?:\s|#[^\n]*)+/u.exec(this.text.slice(this.at));
    this.at += found?.[0].length ?? 0;
  }

  /** What stands before a quantifier; undefined for flags alone. */
  private item(): readonly RegExpNode[] | undefined {
    const char = this.text[this.at] as string;
    if (char === '\\') return this.escape();
    if (char === '(') {
      const group = this.group();
      return group === undefined ? undefined : [group];
    }
    const { i, m, s } = this.flags;
    const code = nextCode(this);
    switch (char) {
      case '[':
        return [set(characterClass(this, this.flags))];
      case '.':
        return [set(s ? '[^]' : `[^${terminators}]`)];
      case '^':
        return [assertion(m ? `(?:^|(?<=\\n|\\r(?!\\n)|[\\u{85}\\u{2028}\\u{2029}])(?=[^]))` : '^')];
      case '$':
        return [assertion(m ? `(?:$|(?=${terminator})(?<!\\r(?=\\n)))` : lastLine)];
      case '*':
      case '+':
      case '?':
      case '{':
        return this.fail(`a quantifier ${char} has nothing to repeat`);
      default:
        return [set(i ? `[${literalSource(code, this.flags)}]` : literalSource(code, this.flags))];
    }
  }

  private escape(): readonly RegExpNode[] {
    if (this.text.startsWith('\\Q', this.at)) {
      const items = quotedText(this).map((code) => set(`[${literalSource(code, this.flags)}]`));
      return items.length === 0 ? [{ kind: 'sequence', items }] : items;
    }
    this.at++;
    const letter = this.text[this.at] ?? this.fail('it ends with a backslash');
    const anchored = assertions[letter];
    if (anchored !== undefined) {
      this.at++;
      return [assertion(anchored)];
    }
    if (letter === 'R') {
      this.at++;
      const [pair, single] = [[set('\\r'), set('\\n')], set(`[${terminators}\\v\\f]`)];
      return [{ kind: 'either', branches: [{ kind: 'sequence', items: pair }, single] }];
    }
    if (letter === 'k') return [this.namedReference()];
    if (/[1-9]/u.test(letter)) return [this.reference()];
    const known = escapedClass(this);
    return [set(known ?? `[${literalSource(escapedCode(this), this.flags)}]`)];
  }

  /** `\12` is group 12 if there are so many in front, else group 1 and a 2. */
  private reference(): RegExpNode {
    let index = 0;
    for (;;) {
      const next = index * 10 + Number(this.text[this.at]);
      if (Number.isNaN(next) || (index > 0 && next > this.groupCount)) break;
      index = next;
      this.at++;
    }
    return { kind: 'reference', index, ignoresCase: this.flags.i };
  }

  private namedReference(): RegExpNode {
    const found = /^k<([A-Za-z][A-Za-z0-9]*)>/u.exec(this.text.slice(this.at));
    const index = found === null ? undefined : this.names.get(found[1] as string);
    if (found === null || index === undefined) return this.fail('a named group is referred to that is not there');
    this.at += found[0].length;
    return { kind: 'reference', index, ignoresCase: this.flags.i };
  }

  private group(): RegExpNode | undefined {
    this.at++;
    const head = /^\?(?:<([A-Za-z][A-Za-z0-9]*)>|<?[=!]|>|:|([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)]))/u.exec(
      this.text.slice(this.at),
    );
    if (head === null) {
      if (this.text[this.at] === '?') this.fail('a group begins with an unknown sign');
      return this.closed(++this.groupCount);
    }
    this.at += head[0].length;
    const [all, name, on, off, end] = head;
    if (name !== undefined) {
      if (this.names.has(name)) this.fail(`two groups have the name ${name}`);
      const index = ++this.groupCount;
      this.names.set(name, index);
      return this.closed(index, name);
    }
    if (all === '?>') return { kind: 'atomic', body: this.closed() };
    if (all === '?:') return this.closed();
    if (end === undefined) {
      const isBehind = all.includes('<');
      return { kind: 'look', body: this.closed(), isBehind, isNegative: all.endsWith('!') };
    }
    const outer = this.flags;
    this.flags = this.changed(on ?? '', off ?? '');
    if (end === ')') return undefined;
    const body = this.closed();
    this.flags = outer;
    return body;
  }

  /** The inside of a group, and its closing bracket. */
  private closed(index?: number, name?: string): RegExpNode {
    const body = this.alternatives();
    if (!this.accept(')')) this.fail('a group has no end');
    if (index === undefined) return body;
    return { kind: 'group', body, index, ...(name === undefined ? {} : { name }) };
  }

  private changed(on: string, off: string): PatternFlags {
    for (const flag of on + off) if (!'imsxudU'.includes(flag)) this.fail(`there is no flag ${flag}`);
    const next = { ...this.flags };
    for (const flag of ['i', 'm', 's', 'x', 'u'] as const) {
      if (on.includes(flag)) next[flag] = true;
      if (off.includes(flag)) next[flag] = false;
    }
    return next;
  }

  private quantified(body: RegExpNode): RegExpNode {
    this.skipComments();
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})([?+]?)/u.exec(this.text.slice(this.at));
    if (found === null) {
      if (this.text[this.at] === '{') this.fail('a repetition {n,m} is malformed');
      return body;
    }
    this.at += found[0].length;
    const [all, low, comma, high, suffix] = found;
    const least = low === undefined ? (all.startsWith('+') ? 1 : 0) : Number(low);
    const most =
      low === undefined
        ? all.startsWith('?')
          ? 1
          : Infinity
        : comma === ''
          ? least
          : high === ''
            ? Infinity
            : Number(high);
    if (most < least) this.fail('a repetition {n,m} is out of order');
    const mode = suffix === '?' ? 'lazy' : suffix === '+' ? 'possessive' : 'greedy';
    return { kind: 'repeat', body, least, most, mode };
  }

  private accept(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }
}

function set(source: string): RegExpNode {
  return { kind: 'set', source };
}

function assertion(source: string): RegExpNode {
  return { kind: 'assertion', source };
}
