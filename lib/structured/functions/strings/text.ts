import { raise } from '../../../kernel/errors.ts';
import { commonWiderType } from '../../types/coercion.ts';
import type { DataType, InternalValue } from '../../types/data-type.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { takes } from '../signatures.ts';
import { checkLength } from './text-limit.ts';
import { lengthOf, positionOf, reverseText, sliceOf, substringOf } from './code-points.ts';

const define = scalarsOf('string');
const firstType = (types: readonly DataType[]): DataType => types[0] ?? atomic('string');
const maxInt = 2_147_483_647;

/** What is trimmed is a set of characters; a space when it is not given. */
function trimmer(sides: 'both' | 'left' | 'right', given: string): (text: string) => string {
  const set = new Set(given);
  return (text) => {
    const characters = given === ' ' ? text : Array.from(text);
    let from = 0;
    let until = characters.length;
    if (sides !== 'right') while (from < until && set.has(characters[from] as string)) from++;
    if (sides !== 'left') while (until > from && set.has(characters[until - 1] as string)) until--;
    return typeof characters === 'string' ? characters.slice(from, until) : characters.slice(from, until).join('');
  };
}

const trimSpaces = { both: trimmer('both', ' '), left: trimmer('left', ' '), right: trimmer('right', ' ') } as const;

function trim(name: string, sides: 'both' | 'left' | 'right', example: readonly [string, string]): FunctionDefinition {
  return define(
    name,
    ['string', 'string?'],
    'string',
    {
      summary: `Removes characters (spaces when none are given) from ${sides === 'both' ? 'both ends' : `the ${sides} end`}.`,
      usage: name === 'btrim' ? 'btrim(str[, trimStr])' : `${name}(str) or ${name}(trimStr, str)`,
      examples: [example],
    },
    // Spark's order: what is trimmed comes first, but not in btrim.
    (first: string, second?: string) => {
      if (second === undefined) return trimSpaces[sides](first);
      return name === 'btrim' ? trimmer(sides, second)(first) : trimmer(sides, first)(second);
    },
  );
}

function pad(name: string, text: string, length: number, filling: string, isLeft: boolean): string {
  const count = lengthOf(text);
  if (length <= count || filling === '') return sliceOf(text, 0, Math.max(0, Math.min(length, count)));
  checkLength(name, length);
  const missing = length - count;
  const unit = lengthOf(filling);
  const padding = sliceOf(filling.repeat(Math.ceil(missing / unit)), 0, missing);
  return isLeft ? padding + text : text + padding;
}

function padBytes(name: string, bytes: Uint8Array, length: number, filling: Uint8Array, isLeft: boolean): Uint8Array {
  if (length > bytes.length) checkLength(name, length);
  const result = new Uint8Array(Math.max(0, length));
  if (length <= bytes.length) return bytes.slice(0, result.length);
  if (filling.length === 0) return bytes;
  const missing = length - bytes.length;
  for (let i = 0; i < missing; i++) result[isLeft ? i : bytes.length + i] = filling[i % filling.length] as number;
  result.set(bytes, isLeft ? missing : 0);
  return result;
}

function padding(name: string, isLeft: boolean, examples: FunctionDefinition['examples']): FunctionDefinition {
  const definition = define(
    name,
    ['stringOrBinary', 'int', 'stringOrBinary?'],
    firstType,
    {
      summary: `Fills the ${isLeft ? 'left' : 'right'} up to a length, or cuts to it.`,
      usage: `${name}(str, len[, pad])`,
      examples,
    },
    (value: string | Uint8Array, length: number, filling?: string | Uint8Array) =>
      typeof value === 'string'
        ? pad(name, value, length, (filling as string | undefined) ?? ' ', isLeft)
        : padBytes(name, value, length, (filling as Uint8Array | undefined) ?? new Uint8Array(1), isLeft),
  );
  return { ...definition, resolve: sameKind(definition.resolve, [0, 2]) };
}

/** Bytes stay bytes only among themselves: with a text they become one. */
function sameKind(resolve: FunctionDefinition['resolve'], places: readonly number[]): FunctionDefinition['resolve'] {
  return (args, site) => {
    const signature = resolve(args, site);
    const kinds = new Set(places.flatMap((place) => signature.args[place]?.kind ?? []));
    if (!kinds.has('string') || !kinds.has('binary')) return signature;
    const types = signature.args.map((type, i) => (places.includes(i) ? atomic('string') : type));
    return { ...signature, args: types, type: signature.type.kind === 'binary' ? atomic('string') : signature.type };
  };
}

/** Two texts or two byte strings. */
function ofPair(definition: FunctionDefinition): FunctionDefinition {
  return { ...definition, resolve: sameKind(definition.resolve, [0, 1]) };
}

function substring(value: string | Uint8Array, position: number, length = maxInt): string | Uint8Array {
  if (typeof value === 'string') return substringOf(value, position, length);
  const start = position > 0 ? position - 1 : position < 0 ? value.length + position : 0;
  return value.slice(Math.max(0, start), Math.max(0, Math.min(value.length, start + length)));
}

function initcap(text: string): string {
  return text.split(' ').map(capitalized).join(' ');
}

/** `ß` alone becomes `Ss`. */
function capitalized(word: string): string {
  if (word === '') return '';
  const first = String.fromCodePoint(word.codePointAt(0) as number);
  const upper = first.toUpperCase();
  const title = /^\p{Lu}{2,}$/u.test(upper) ? upper.charAt(0) + upper.slice(1).toLowerCase() : upper;
  return title + word.toLowerCase().slice(first.toLowerCase().length);
}

function translate(text: string, from: string, to: string): string {
  const [source, target] = [Array.from(from), Array.from(to)];
  const table = new Map<string, string>();
  source.forEach((char, i) => {
    if (!table.has(char)) table.set(char, target[i] ?? '');
  });
  let result = '';
  for (const char of text) result += table.get(char) ?? char;
  return result;
}

function substringIndex(text: string, delimiter: string, count: number): string {
  if (count === 0 || delimiter === '') return '';
  let at = count > 0 ? -delimiter.length : text.length;
  if (count > 0) {
    at = -1;
    for (let i = 0; i < count; i++) {
      at = text.indexOf(delimiter, at + 1);
      if (at < 0) return text;
    }
    return text.slice(0, at);
  }
  for (let i = 0; i < -count; i++) {
    at = at <= 0 ? -1 : text.lastIndexOf(delimiter, at - 1);
    if (at < 0) return text;
  }
  return text.slice(at + delimiter.length);
}

function splitPart(text: string, delimiter: string, part: number): string {
  if (part === 0) raise('INVALID_INDEX_OF_ZERO', {});
  const parts = delimiter === '' ? [text] : text.split(delimiter);
  return parts.at(part > 0 ? part - 1 : part) ?? '';
}

function levenshtein(a: string, b: string, threshold?: number): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  let before = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (before[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
      row.push(Math.min(change, (before[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    before = row;
  }
  const distance = before[right.length] as number;
  return threshold !== undefined && distance > threshold ? -1 : distance;
}

const soundexCodes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['BFPV', '1'],
    ['CGJKQSXZ', '2'],
    ['DT', '3'],
    ['L', '4'],
    ['MN', '5'],
    ['R', '6'],
    ['HW', '7'],
  ].flatMap(([letters, code]) => Array.from(letters as string).map((letter) => [letter, code as string])),
);

/** Text that does not begin with an ASCII letter is left alone. H and W separate nothing, vowels do. */
function soundex(text: string): string {
  if (!/^[A-Za-z]/u.test(text)) return text;
  let result = text.slice(0, 1).toUpperCase();
  let last = soundexCodes[result] ?? '0';
  for (const char of text.slice(1)) {
    const upper = char.toUpperCase();
    if (!/^[A-Z]$/u.test(upper)) {
      last = '0';
      continue;
    }
    const code = soundexCodes[upper] ?? '0';
    if (code === '7') continue;
    if (code !== '0' && code !== last) {
      result += code;
      if (result.length === 4) return result;
    }
    last = code;
  }
  return result.padEnd(4, '0');
}

function overlay(
  value: string | Uint8Array,
  replacement: string | Uint8Array,
  position: number,
  length = -1,
): string | Uint8Array {
  if (typeof value === 'string') {
    const by = replacement as string;
    const size = length >= 0 ? length : lengthOf(by);
    // Sums of Java's 32 bits.
    return substringOf(value, 1, (position - 1) | 0) + by + substringOf(value, (position + size) | 0, maxInt);
  }
  const by = replacement as Uint8Array;
  const size = length >= 0 ? length : by.length;
  return joinBytes([value.slice(0, Math.max(0, position - 1)), by, value.slice(Math.max(0, position - 1 + size))]);
}

/** Bytes behind each other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Text, or bytes when all are bytes, or arrays. */
const concat: FunctionDefinition = {
  name: 'concat',
  group: 'string',
  summary: 'Joins texts, bytes or arrays; null when one of them is.',
  usage: 'concat(value, ...)',
  examples: [
    ["concat('Spark', 'SQL')", 'SparkSQL'],
    ['concat(array(1, 2), array(3))', '[1, 2, 3]'],
  ],
  resolve(args, site) {
    const arrays = args.filter(({ type }) => type.kind === 'array');
    if (arrays.length > 0) {
      takes('concat', ['array...'], 'void')(args, site);
      const types = args.map(({ type }) => type);
      const type = types.some(({ kind }) => kind === 'void') ? undefined : commonWiderType(types, site);
      if (type === undefined) {
        return raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', {
          function: 'concat',
          actual: types.map((each) => `"${sqlTypeText(each)}"`).join(', '),
        });
      }
      return { args: args.map(() => type), type };
    }
    const isBinary = args.length > 0 && args.every(({ type }) => type.kind === 'binary');
    return takes('concat', [isBinary ? 'binary...' : 'string...'], isBinary ? 'binary' : 'string')(args, site);
  },
  body: {
    kind: 'scalar',
    bind({ type }) {
      if (type.kind === 'array')
        return { evaluate: (...lists: readonly (readonly InternalValue[])[]) => lists.flat(1) };
      if (type.kind === 'binary') return { evaluate: (...parts: readonly Uint8Array[]) => joinBytes(parts) };
      return {
        evaluate: (...parts: readonly string[]) => parts.join(''),
        generate: (args) => (args.length === 0 ? "''" : `(${args.join(' + ')})`),
      };
    },
  },
};

const concatWs: FunctionDefinition = {
  name: 'concat_ws',
  group: 'string',
  summary: 'Joins texts and arrays of text with a separator; nulls are left out.',
  usage: 'concat_ws(sep, value, ...)',
  examples: [
    ["concat_ws(' ', 'Spark', 'SQL')", 'Spark SQL'],
    ["concat_ws('/', 'a', null, array('b', 'c'))", 'a/b/c'],
  ],
  resolve(args, site) {
    const signature = takes('concat_ws', ['string', 'any...'], 'string')(args, site);
    const texts = arrayType(atomic('string'));
    const types = args.map(({ type }) => (type.kind === 'array' ? texts : atomic('string')));
    return { args: types, type: signature.type, nullable: args[0]?.nullable ?? true };
  },
  body: {
    kind: 'scalar',
    bind: () => ({
      seesNulls: true,
      evaluate: (separator: string | null, ...parts: readonly (string | null | readonly (string | null)[])[]) =>
        separator === null
          ? null
          : parts
              .flat(1)
              .filter((part) => part !== null)
              .join(separator),
    }),
  },
};

const elt: FunctionDefinition = {
  name: 'elt',
  group: 'string',
  summary: 'The n-th of the values behind n; an error (null without ANSI) when there is none.',
  usage: 'elt(n, value1, ...)',
  examples: [["elt(1, 'scala', 'java')", 'scala']],
  resolve(args, site) {
    const isBinary = args.length > 1 && args.slice(1).every(({ type }) => type.kind === 'binary');
    const kind = isBinary ? 'binary' : 'string';
    return takes('elt', ['int', kind, `${kind}...`], kind, { nullable: true })(args, site);
  },
  body: {
    kind: 'scalar',
    bind: ({ ansi }) => ({
      seesNulls: true,
      evaluate(n: number | null, ...values: readonly (string | null)[]) {
        if (n === null) return null;
        if (n >= 1 && n <= values.length) return values[n - 1] ?? null;
        return ansi ? raise('INVALID_ARRAY_INDEX', { indexValue: n, arraySize: values.length }) : null;
      },
    }),
  },
};

/** Lengths, cases, parts, padding, positions. */
export const textFunctions: readonly FunctionDefinition[] = [
  define(
    'upper',
    ['string'],
    'string',
    { summary: 'Upper case.', usage: 'upper(str)', examples: [["upper('Spark')", 'SPARK']], aliases: ['ucase'] },
    (text: string) => text.toUpperCase(),
    { generate: ([text]) => `${text}.toUpperCase()` },
  ),
  define(
    'lower',
    ['string'],
    'string',
    { summary: 'Lower case.', usage: 'lower(str)', examples: [["lower('Spark')", 'spark']], aliases: ['lcase'] },
    (text: string) => text.toLowerCase(),
    { generate: ([text]) => `${text}.toLowerCase()` },
  ),
  define(
    'length',
    ['stringOrBinary'],
    'int',
    {
      summary: 'Characters of a text, bytes of binary data.',
      usage: 'length(expr)',
      examples: [["length('Spark SQL ')", '10']],
      aliases: ['char_length', 'character_length', 'len'],
    },
    (value: string | Uint8Array) => (typeof value === 'string' ? lengthOf(value) : value.length),
  ),
  define(
    'octet_length',
    ['stringOrBinary'],
    'int',
    {
      summary: 'Bytes of a value; of a text in UTF-8.',
      usage: 'octet_length(expr)',
      examples: [["octet_length('Spark')", '5']],
    },
    (value: string | Uint8Array) => byteLength(value),
  ),
  define(
    'bit_length',
    ['stringOrBinary'],
    'int',
    {
      summary: 'Bits of a value; of a text in UTF-8.',
      usage: 'bit_length(expr)',
      examples: [["bit_length('Spark')", '40']],
    },
    (value: string | Uint8Array) => byteLength(value) * 8,
  ),
  trim('trim', 'both', ["trim('  Spark  ')", 'Spark']),
  trim('btrim', 'both', ["btrim('xxSparkx', 'x')", 'Spark']),
  trim('ltrim', 'left', ["ltrim('  Spark')", 'Spark']),
  trim('rtrim', 'right', ["rtrim('Spark  ')", 'Spark']),
  define(
    'substring',
    ['stringOrBinary', 'int', 'int?'],
    firstType,
    {
      summary: 'The part from a position (from 1; negative from the end) of a length.',
      usage: 'substring(str, pos[, len])',
      examples: [
        ["substring('Spark SQL', 5, 1)", 'k'],
        ["substring('Spark SQL', -3)", 'SQL'],
      ],
      aliases: ['substr'],
    },
    substring,
  ),
  define(
    'left',
    ['stringOrBinary', 'int'],
    firstType,
    { summary: 'The leftmost characters.', usage: 'left(str, len)', examples: [["left('Spark SQL', 3)", 'Spa']] },
    (value: string | Uint8Array, length: number) => substring(value, 1, Math.max(0, length)),
  ),
  define(
    'right',
    ['string', 'int'],
    'string',
    { summary: 'The rightmost characters.', usage: 'right(str, len)', examples: [["right('Spark SQL', 3)", 'SQL']] },
    (text: string, length: number) => (length <= 0 ? '' : substringOf(text, -length, maxInt)),
  ),
  define(
    'reverse',
    ['arrayOrString'],
    firstType,
    {
      summary: 'The characters, or the elements, from the last to the first.',
      usage: 'reverse(value)',
      examples: [
        ["reverse('Spark SQL')", 'LQS krapS'],
        ['reverse(array(2, 1, 4))', '[4, 1, 2]'],
      ],
    },
    (value: string | readonly InternalValue[]) => (typeof value === 'string' ? reverseText(value) : value.toReversed()),
  ),
  concat,
  concatWs,
  elt,
  define(
    'instr',
    ['string', 'string'],
    'int',
    {
      summary: 'The position from 1 of a part, 0 when it is not there.',
      usage: 'instr(str, substr)',
      examples: [["instr('SparkSQL', 'SQL')", '6']],
    },
    (text: string, part: string) => positionOf(text, part, 0),
  ),
  define(
    'locate',
    ['string', 'string', 'int?'],
    'int',
    {
      summary: 'The position from 1 of a part at or behind a position.',
      usage: 'locate(substr, str[, pos])',
      examples: [
        ["locate('bar', 'foobarbar')", '4'],
        ["locate('bar', 'foobarbar', 5)", '7'],
      ],
      aliases: ['position', 'charindex'],
    },
    {
      bind: () => (part: string | null, text: string | null, from?: number | null) =>
        from === null
          ? 0
          : part === null || text === null
            ? null
            : (from ?? 1) < 1
              ? 0
              : part === ''
                ? 1
                : positionOf(text, part, (from ?? 1) - 1),
    },
    { seesNulls: true },
  ),
  padding('lpad', true, [
    ["lpad('hi', 5, '??')", '???hi'],
    ["lpad('hi', 1, '??')", 'h'],
  ]),
  padding('rpad', false, [
    ["rpad('hi', 5, '??')", 'hi???'],
    ["rpad('hi', 1, '??')", 'h'],
  ]),
  define(
    'repeat',
    ['string', 'int'],
    'string',
    { summary: 'The text so many times.', usage: 'repeat(str, n)', examples: [["repeat('123', 2)", '123123']] },
    (text: string, times: number) => {
      if (times > 0) checkLength('repeat', text.length * times);
      return text.repeat(Math.max(0, times));
    },
  ),
  define(
    'space',
    ['int'],
    'string',
    { summary: 'So many spaces.', usage: 'space(n)', examples: [["concat(space(2), '1')", '  1']] },
    (times: number) => {
      checkLength('space', times);
      return ' '.repeat(Math.max(0, times));
    },
  ),
  define(
    'initcap',
    ['string'],
    'string',
    {
      summary: 'Each word (behind a space) with a capital, the rest in lower case.',
      usage: 'initcap(str)',
      examples: [["initcap('sPark sql')", 'Spark Sql']],
    },
    initcap,
  ),
  define(
    'translate',
    ['string', 'string', 'string'],
    'string',
    {
      summary: 'Replaces characters one by one; those without a counterpart go.',
      usage: 'translate(input, from, to)',
      examples: [["translate('AaBbCc', 'abc', '123')", 'A1B2C3']],
    },
    translate,
  ),
  define(
    'replace',
    ['string', 'string', 'string?'],
    'string',
    {
      summary: 'Replaces every occurrence of a text.',
      usage: 'replace(str, search[, replace])',
      examples: [["replace('ABCabc', 'abc', 'DEF')", 'ABCDEF']],
    },
    (text: string, search: string, by = '') => (search === '' ? text : text.replaceAll(search, () => by)),
  ),
  ofPair(
    define(
      'contains',
      ['stringOrBinary', 'stringOrBinary'],
      'boolean',
      {
        summary: 'Whether the second is a part of the first.',
        usage: 'contains(left, right)',
        examples: [["contains('Spark SQL', 'Spark')", 'true']],
      },
      (text: string | Uint8Array, part: string | Uint8Array) =>
        typeof text === 'string' ? text.includes(part as string) : findBytes(text, part as Uint8Array),
    ),
  ),
  ofPair(
    define(
      'startswith',
      ['stringOrBinary', 'stringOrBinary'],
      'boolean',
      {
        summary: 'Whether the first begins with the second.',
        usage: 'startswith(left, right)',
        examples: [["startswith('Spark SQL', 'Spark')", 'true']],
      },
      (text: string | Uint8Array, part: string | Uint8Array) =>
        typeof text === 'string'
          ? text.startsWith(part as string)
          : sameBytes(text.slice(0, part.length), part as Uint8Array),
    ),
  ),
  ofPair(
    define(
      'endswith',
      ['stringOrBinary', 'stringOrBinary'],
      'boolean',
      {
        summary: 'Whether the first ends with the second.',
        usage: 'endswith(left, right)',
        examples: [["endswith('Spark SQL', 'SQL')", 'true']],
      },
      (text: string | Uint8Array, part: string | Uint8Array) =>
        typeof text === 'string'
          ? text.endsWith(part as string)
          : part.length <= text.length && sameBytes(text.slice(text.length - part.length), part as Uint8Array),
    ),
  ),
  define(
    'substring_index',
    ['string', 'string', 'int'],
    'string',
    {
      summary: 'The part before the n-th delimiter; negative from the end.',
      usage: 'substring_index(str, delim, count)',
      examples: [["substring_index('www.apache.org', '.', 2)", 'www.apache']],
    },
    substringIndex,
  ),
  define(
    'split_part',
    ['string', 'string', 'int'],
    'string',
    {
      summary: 'The n-th part between delimiters; negative from the end.',
      usage: 'split_part(str, delimiter, partNum)',
      examples: [["split_part('11.12.13', '.', 3)", '13']],
    },
    splitPart,
  ),
  define(
    'ascii',
    ['string'],
    'int',
    {
      summary: 'The code point of the first character, 0 for an empty text.',
      usage: 'ascii(str)',
      examples: [["ascii('234')", '50']],
    },
    (text: string) => text.codePointAt(0) ?? 0,
  ),
  define(
    'char',
    ['bigint'],
    'string',
    {
      summary: 'The character of a code (modulo 256).',
      usage: 'char(expr)',
      examples: [['char(65)', 'A']],
      aliases: ['chr'],
    },
    (code: number | bigint) => (code < 0 ? '' : String.fromCodePoint(Number(BigInt(code) % 256n))),
  ),
  define(
    'levenshtein',
    ['string', 'string', 'int?'],
    'int',
    {
      summary: 'The edit distance of two texts; -1 when it is over the threshold.',
      usage: 'levenshtein(str1, str2[, threshold])',
      examples: [["levenshtein('kitten', 'sitting')", '3']],
    },
    levenshtein,
  ),
  define(
    'soundex',
    ['text'],
    'string',
    { summary: 'The Soundex code.', usage: 'soundex(str)', examples: [["soundex('Miller')", 'M460']] },
    soundex,
  ),
  define(
    'find_in_set',
    ['string', 'string'],
    'int',
    {
      summary: 'The position from 1 in a list with commas, 0 when it is not there.',
      usage: 'find_in_set(str, list)',
      examples: [["find_in_set('ab', 'abc,b,ab,c,def')", '3']],
    },
    (text: string, list: string) => (text.includes(',') ? 0 : list.split(',').indexOf(text) + 1),
  ),
  ofPair(
    define(
      'overlay',
      ['stringOrBinary', 'stringOrBinary', 'int', 'int?'],
      firstType,
      {
        summary: 'Replaces a part by position and length.',
        usage: 'overlay(input, replace, pos[, len])',
        examples: [["overlay('Spark SQL', '_', 6)", 'Spark_SQL']],
      },
      overlay,
    ),
  ),
  define(
    'quote',
    ['string'],
    'string',
    {
      summary: 'The text in single quotes, those inside escaped.',
      usage: 'quote(str)',
      examples: [["quote('Spark')", "'Spark'"]],
    },
    (text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`,
  ),
];

function byteLength(value: string | Uint8Array): number {
  return typeof value === 'string' ? encoder.encode(value).length : value.length;
}

const encoder = new TextEncoder();

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function findBytes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (sameBytes(bytes.subarray(at, at + part.length), part)) return true;
  return false;
}
