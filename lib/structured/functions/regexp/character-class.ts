import { characterSource } from './syntax.ts';

/** Flags that are on at a place of a pattern. */
export interface PatternFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  readonly u: boolean;
}

/** Reads a pattern character by character. */
export interface PatternReader {
  readonly text: string;
  at: number;
  readonly fail: (reason: string) => never;
}

/** The code point at the reader's place, which is passed over. */
export function nextCode(reader: PatternReader): number {
  const code = reader.text.codePointAt(reader.at);
  if (code === undefined) return reader.fail('it ends too early');
  reader.at += code > 0xffff ? 2 : 1;
  return code;
}

const posix: Readonly<Record<string, string>> = {
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  Graph: '\\u{21}-\\u{7e}',
  Print: '\\u{20}-\\u{7e}',
  Space: '\\t\\n\\v\\f\\r\\u{20}',
  Blank: '\\t\\u{20}',
  Cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  XDigit: '0-9A-Fa-f',
  ASCII: '\\u{0}-\\u{7f}',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaWhitespace: '\\s',
  L1: '\\u{0}-\\u{ff}',
};

/** Java's classes of one letter, for ASCII only, as Java has them without (?U). */
const shorthands: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: '\\t\\n\\v\\f\\r\\u{20}',
  h: '\\t\\u{20}\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}',
  v: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}',
};

/** The class of an escape behind its backslash (`d`, `p{L}`); undefined when it is no class. The reader stands at the letter. */
export function escapedClass(reader: PatternReader): string | undefined {
  const letter = reader.text[reader.at] ?? '';
  const lower = letter.toLowerCase();
  if (lower === 'p') {
    const found = /^[pP](?:\{([^}]*)\}|(\p{L}))/u.exec(reader.text.slice(reader.at));
    if (found === null) return reader.fail('a property is missing behind \\p');
    reader.at += found[0].length;
    const inside = propertyClass(found[1] ?? found[2] ?? '', reader);
    return letter === 'P' ? `[^${inside}]` : `[${inside}]`;
  }
  const inside = shorthands[lower];
  if (inside === undefined) return undefined;
  reader.at++;
  return letter === lower ? `[${inside}]` : `[^${inside}]`;
}

function propertyClass(name: string, reader: PatternReader): string {
  const known = posix[name];
  if (known !== undefined) return known;
  const [key = '', value] = name.split('=');
  const bare = value ?? key.replace(/^I[sn]/u, '');
  const candidates = [bare, `Script=${bare}`, `Script=${bare.charAt(0)}${bare.slice(1).toLowerCase()}`, `gc=${bare}`];
  for (const candidate of candidates) {
    try {
      if (new RegExp(`\\p{${candidate}}`, 'v').source !== '') return `\\p{${candidate}}`;
    } catch {
      continue;
    }
  }
  return reader.fail(`there is no property ${name}`);
}

/** The character of an escape behind its backslash; the reader stands at the letter. */
export function escapedCode(reader: PatternReader): number {
  const code = nextCode(reader);
  const letter = String.fromCodePoint(code);
  const simple: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };
  const fixed = simple[letter];
  if (fixed !== undefined) return fixed;
  const forms: Readonly<Record<string, RegExp>> = {
    x: /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/u,
    u: /^([0-9A-Fa-f]{4})/u,
    0: /^([0-3]?[0-7]{1,2})/u,
    c: /^([^])/u,
  };
  const form = forms[letter];
  if (form === undefined) return /[A-Za-z]/u.test(letter) ? reader.fail(`there is no escape \\${letter}`) : code;
  const found = form.exec(reader.text.slice(reader.at));
  if (found === null) return reader.fail(`the escape \\${letter} is not complete`);
  reader.at += found[0].length;
  const digits = found[1] ?? found[2] ?? '';
  if (letter === 'c') return digits.charCodeAt(0) ^ 64;
  return Number.parseInt(digits, letter === '0' ? 8 : 16);
}

/** A character, or all that are the same without regard to case. */
export function literalSource(code: number, flags: PatternFlags): string {
  if (!flags.i) return characterSource(code);
  return variants(code, flags).map(characterSource).join('');
}

function variants(code: number, { u }: PatternFlags): readonly number[] {
  const char = String.fromCodePoint(code);
  if (!u && code > 127) return [code];
  const all = [code, ...[char.toLowerCase(), char.toUpperCase()].map((each) => each.codePointAt(0) ?? code)];
  return [...new Set(all)];
}

/** A class from behind its `[` on, up to behind its `]`: unions, ranges, classes within, and `&&`. */
export function characterClass(reader: PatternReader, flags: PatternFlags): string {
  const isNegative = reader.text[reader.at] === '^';
  if (isNegative) reader.at++;
  const operands: string[] = [];
  let items = '';
  for (let isFirst = true; ; isFirst = false) {
    const char = reader.text[reader.at];
    if (char === undefined) return reader.fail('a class has no end');
    if (char === ']' && !isFirst) {
      reader.at++;
      break;
    }
    if (reader.text.startsWith('&&', reader.at)) {
      reader.at += 2;
      operands.push(`[${items}]`);
      items = '';
    } else if (char === '[') {
      reader.at++;
      items += characterClass(reader, flags);
    } else items += classItem(reader, flags);
  }
  operands.push(`[${items}]`);
  // `[a&&]` is `[a]`: an operand that is missing takes nothing away.
  const given = operands.filter((operand, i) => operand !== '[]' || i === 0);
  return `[${isNegative ? '^' : ''}${given.join('&&')}]`;
}

function classItem(reader: PatternReader, flags: PatternFlags): string {
  if (flags.x && /\s/u.test(reader.text[reader.at] ?? '')) {
    reader.at++;
    return '';
  }
  if (reader.text.startsWith('\\Q', reader.at))
    return quotedText(reader)
      .map((code) => literalSource(code, flags))
      .join('');
  const first = classCode(reader);
  if (typeof first === 'string') return first;
  const isRange = reader.text[reader.at] === '-' && !/^-(?:\]|\[|$|&&)/u.test(reader.text.slice(reader.at));
  if (!isRange) return literalSource(first, flags);
  reader.at++;
  const last = classCode(reader);
  if (typeof last === 'string' || last < first) return reader.fail('a range of a class is out of order');
  return rangeSource(first, last, flags);
}

function classCode(reader: PatternReader): number | string {
  if (reader.text[reader.at] !== '\\') return nextCode(reader);
  reader.at++;
  return escapedClass(reader) ?? escapedCode(reader);
}

function rangeSource(first: number, last: number, flags: PatternFlags): string {
  const range = `${characterSource(first)}-${characterSource(last)}`;
  if (!flags.i) return range;
  let others = '';
  const most = Math.min(last, flags.u ? 0x24f : 127);
  for (let code = first; code <= most; code++) {
    for (const other of variants(code, flags)) if (other < first || other > last) others += characterSource(other);
  }
  return range + others;
}

/** The characters between `\Q` and `\E`. */
export function quotedText(reader: PatternReader): readonly number[] {
  const end = reader.text.indexOf('\\E', reader.at);
  const inside = reader.text.slice(reader.at + 2, end < 0 ? undefined : end);
  reader.at = end < 0 ? reader.text.length : end + 2;
  return Array.from(inside, (char) => char.codePointAt(0) ?? 0);
}
