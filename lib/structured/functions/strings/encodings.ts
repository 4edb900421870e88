import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { commonWiderType } from '../../types/coercion.ts';
import type { DataType, InternalValue } from '../../types/data-type.ts';
import { atomic, isNumeric } from '../../types/type-classes.ts';
import { valueKey } from '../../types/value-key.ts';
import type { CallSite, FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';
import { scalarsOf } from '../scalar.ts';
import { decodeText, encodeText } from './charset.ts';
import { lengthOf } from './code-points.ts';
import { formatText } from './format-text.ts';
import { parseUrl } from './parse-url.ts';

const define = scalarsOf('string');
const utf8 = new TextEncoder();
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digits: ReadonlyMap<string, number> = new Map(Array.from(alphabet, (char, i) => [char, i]));

/** The bytes in base 64, with padding, without line breaks. */
export function base64(bytes: Uint8Array): string {
  let result = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    result += (alphabet[word >> 18] as string) + (alphabet[(word >> 12) & 63] as string);
    result += i + 1 < bytes.length ? (alphabet[(word >> 6) & 63] as string) : '=';
    result += i + 2 < bytes.length ? (alphabet[word & 63] as string) : '=';
  }
  return result;
}

/** The lines of 76 characters that Java's MIME encoder makes. */
function base64Lines(bytes: Uint8Array): string {
  return base64(bytes).replaceAll(/.{76}(?=.)/gu, '$&\r\n');
}

/** The bytes of base 64; characters outside of the alphabet are skipped, and padding is checked, as Java's MIME decoder does. */
export function fromBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  let at = 0;
  const refuse = (): never =>
    raise('CONVERSION_INVALID_INPUT', { value: text.slice(0, 100), type: 'BINARY', suggestion: 'try_to_binary' });
  for (; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '=') {
      // Two characters need two signs, and a whole group none.
      if (bits === 0 || (bits === 4 && text[at + 1] !== '=')) refuse();
      at += bits === 4 ? 2 : 1;
      break;
    }
    const digit = digits.get(char);
    if (digit === undefined) continue;
    word = ((word << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((word >> bits) & 255);
    }
  }
  if (bits === 6) refuse();
  for (; at < text.length; at++) if (digits.has(text[at] as string)) refuse();
  return Uint8Array.from(bytes);
}

/** The bytes of base 64 as RFC 4648 has it, white space aside; undefined for any other text. */
export function strictBase64(text: string): Uint8Array | undefined {
  const bare = text.replaceAll(/[\t\n\f\r ]/gu, '');
  const digitCount = bare.replace(/={1,2}$/u, '').length;
  const isPadded = bare.length > digitCount;
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(bare) || digitCount % 4 === 1 || (isPadded && bare.length % 4 !== 0))
    return undefined;
  return fromBase64(bare);
}

/** Upper-case hexadecimal digits of bytes. */
export function hexOfBytes(bytes: Uint8Array): string {
  let result = '';
  for (const byte of bytes) result += byte.toString(16).toUpperCase().padStart(2, '0');
  return result;
}

/** The bytes of hexadecimal digits; null for a text with anything else. An odd number of digits begins with half a byte. */
export function bytesOfHex(text: string): Uint8Array | null {
  if (!/^[0-9A-Fa-f]*$/u.test(text)) return null;
  const even = text.length % 2 === 0 ? text : `0${text}`;
  const bytes = new Uint8Array(even.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function hex(value: string | Uint8Array | number | bigint): string {
  if (typeof value === 'string') return hexOfBytes(utf8.encode(value));
  if (value instanceof Uint8Array) return hexOfBytes(value);
  return BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase();
}

function urlEncode(text: string): string {
  let result = '';
  for (const byte of utf8.encode(text)) {
    const char = String.fromCodePoint(byte);
    if (/[A-Za-z0-9.*_-]/u.test(char)) result += char;
    else if (char === ' ') result += '+';
    else result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

/** Null when a percent sign is followed by no two hexadecimal digits. */
function urlDecode(text: string): string | null {
  const bytes: number[] = [];
  for (let i = 0; i < text.length;) {
    const char = String.fromCodePoint(text.codePointAt(i) as number);
    if (char === '%') {
      const code = text.slice(i + 1, i + 3);
      if (!/^[0-9A-Fa-f]{2}$/u.test(code)) return null;
      bytes.push(Number.parseInt(code, 16));
      i += 3;
    } else {
      if (char === '+') bytes.push(32);
      else bytes.push(...utf8.encode(char));
      i += char.length;
    }
  }
  return lenientUtf8.decode(Uint8Array.from(bytes));
}

function mask(
  text: string,
  upper: string | null,
  lower: string | null,
  digit: string | null,
  other: string | null,
): string {
  let result = '';
  for (const char of text) {
    if (/\p{Lu}/u.test(char)) result += upper ?? char;
    else if (/\p{Ll}/u.test(char)) result += lower ?? char;
    else if (/\p{Nd}/u.test(char)) result += digit ?? char;
    else result += other ?? char;
  }
  return result;
}

/** What stands for a kind of characters is one character. */
function checkMask(args: readonly TypedExpression[], index: number): void {
  const arg = args[index];
  if (index === 0 || arg?.kind !== 'literal' || typeof arg.value !== 'string' || lengthOf(arg.value) === 1) return;
  raise('DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE', { function: 'mask', value: arg.value });
}

/** With two arguments the text of bytes in a charset; with more, the result behind the first search value that equals the first. */
const decode: FunctionDefinition = {
  name: 'decode',
  group: 'string',
  summary:
    'The text of bytes in a charset; or, with more arguments, the result of the first search that equals the value.',
  usage: 'decode(bin, charset) or decode(expr, search, result[, search, result ...][, default])',
  examples: [
    ["decode(encode('abc', 'utf-8'), 'utf-8')", 'abc'],
    ["decode(2, 1, 'Southlake', 2, 'San Francisco', 'Non domestic')", 'San Francisco'],
  ],
  resolve(args, site) {
    if (args.length <= 2) return takes('decode', ['binary', 'string'], 'string')(args, site);
    const searched = searchType(args, site);
    const results = args.filter((_, i) => isResult(i, args.length)).map(({ type }) => type);
    const type = commonWiderType(results, site) ?? atomic('string');
    return { args: args.map((_, i) => (isResult(i, args.length) ? type : searched)), type, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind({ args }) {
      if (args.length <= 2) return { evaluate: (bytes: Uint8Array, charset: string) => decodeText(bytes, charset) };
      const keyOf = valueKey(args[0]?.type ?? atomic('void'));
      return {
        seesNulls: true,
        evaluate(value: InternalValue, ...rest: readonly InternalValue[]) {
          const wanted = new Set([keyOf(value)]);
          for (let i = 0; i + 1 < rest.length; i += 2)
            if (wanted.has(keyOf(rest[i] ?? null))) return rest[i + 1] ?? null;
          return rest.length % 2 === 1 ? (rest.at(-1) ?? null) : null;
        },
      };
    },
  },
};

/** Whether the argument at a place is a result: every second behind the first two, and the default at the end. */
function isResult(index: number, count: number): boolean {
  return index >= 2 && (index % 2 === 0 || (index === count - 1 && count % 2 === 0));
}

function searchType(args: readonly TypedExpression[], site: CallSite): DataType {
  const types = args.filter((_, i) => !isResult(i, args.length)).map(({ type }) => type);
  return commonWiderType(types, site) ?? atomic('string');
}

/** Encodings, URLs, formats. */
export const encodingFunctions: readonly FunctionDefinition[] = [
  define(
    'base64',
    ['binary'],
    'string',
    { summary: 'Base 64 of bytes.', usage: 'base64(bin)', examples: [["base64('Spark SQL')", 'U3BhcmsgU1FM']] },
    base64Lines,
  ),
  define(
    'unbase64',
    ['string'],
    'binary',
    {
      summary: 'The bytes of base 64.',
      usage: 'unbase64(str)',
      examples: [["CAST(unbase64('U3BhcmsgU1FM') AS STRING)", 'Spark SQL']],
    },
    fromBase64,
  ),
  {
    ...define(
      'hex',
      ['any'],
      'string',
      {
        summary: 'Hexadecimal digits of a number, of bytes, or of a text in UTF-8.',
        usage: 'hex(expr)',
        examples: [
          ['hex(17)', '11'],
          ["hex('Spark SQL')", '537061726B2053514C'],
        ],
      },
      hex,
    ),
    resolve(args, site) {
      const type = args[0]?.type ?? atomic('void');
      const wanted = type.kind === 'binary' ? 'binary' : isNumeric(type) ? 'bigint' : 'string';
      return takes('hex', [wanted], 'string')(args, site);
    },
  },
  define(
    'unhex',
    ['string'],
    'binary',
    {
      summary: 'The bytes of hexadecimal digits, null when there are others.',
      usage: 'unhex(expr)',
      examples: [["CAST(unhex('537061726B') AS STRING)", 'Spark']],
    },
    bytesOfHex,
    { nullable: true },
  ),
  define(
    'encode',
    ['string', 'string'],
    'binary',
    {
      summary: 'The bytes of a text in a charset.',
      usage: 'encode(str, charset)',
      examples: [["hex(encode('abc', 'utf-8'))", '616263']],
    },
    (text: string, charset: string) => encodeText(text, charset),
  ),
  decode,
  define(
    'url_encode',
    ['string'],
    'string',
    {
      summary: 'The text as application/x-www-form-urlencoded.',
      usage: 'url_encode(str)',
      examples: [["url_encode('https://spark.apache.org')", 'https%3A%2F%2Fspark.apache.org']],
    },
    urlEncode,
  ),
  define(
    'url_decode',
    ['string'],
    'string',
    {
      summary: 'The text behind url_encode.',
      usage: 'url_decode(str)',
      examples: [["url_decode('https%3A%2F%2Fspark.apache.org')", 'https://spark.apache.org']],
    },
    (text: string) => urlDecode(text) ?? raise('CANNOT_DECODE_URL', { url: text.slice(0, 200) }),
  ),
  define(
    'try_url_decode',
    ['string'],
    'string',
    {
      summary: 'As url_decode, null for what cannot be decoded.',
      usage: 'try_url_decode(str)',
      examples: [["try_url_decode('http%3A%2F%2spark.apache.org')", 'NULL']],
    },
    urlDecode,
    { nullable: true },
  ),
  define(
    'parse_url',
    ['string', 'string', 'string?'],
    'string',
    {
      summary:
        'A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO; with a key, one parameter of QUERY.',
      usage: 'parse_url(url, part[, key])',
      examples: [
        ["parse_url('http://spark.apache.org/path?query=1', 'HOST')", 'spark.apache.org'],
        ["parse_url('http://spark.apache.org/path?query=1', 'QUERY', 'query')", '1'],
      ],
    },
    {
      bind:
        ({ ansi }) =>
        (url: string, part: string, key?: string) => {
          const found = parseUrl(url, part, key);
          if (found !== undefined) return found;
          return ansi ? raise('INVALID_URL', { url: url.slice(0, 200) }) : null;
        },
    },
    { nullable: true },
  ),
  define(
    'try_parse_url',
    ['string', 'string', 'string?'],
    'string',
    {
      summary: 'As parse_url, null for what is no URL.',
      usage: 'try_parse_url(url, part[, key])',
      examples: [["try_parse_url('inva lid://spark.apache.org', 'HOST')", 'NULL']],
    },
    (url: string, part: string, key?: string) => parseUrl(url, part, key) ?? null,
    { nullable: true },
  ),
  define(
    'format_string',
    ['string', 'any...'],
    'string',
    {
      summary: "The values in Java's format.",
      usage: 'format_string(format, value, ...)',
      examples: [["format_string('Hello World %d %s', 100, 'days')", 'Hello World 100 days']],
      aliases: ['printf'],
    },
    {
      bind:
        ({ args }) =>
        (format: string | null, ...values: readonly unknown[]) =>
          format === null
            ? null
            : formatText(
                format,
                values,
                args.slice(1).map(({ type }) => type),
              ),
    },
    { seesNulls: true, nullable: true },
  ),
  define(
    'mask',
    ['text', 'text?', 'text?', 'text?', 'text?'],
    'string',
    {
      summary: 'Replaces upper-case letters by X, lower-case by x, digits by n; null keeps a kind.',
      usage: 'mask(str[, upperChar, lowerChar, digitChar, otherChar])',
      defaults: { upperChar: 'X', lowerChar: 'x', digitChar: 'n', otherChar: null },
      examples: [["mask('AbCD123-@$#')", 'XxXXnnn-@$#']],
    },
    {
      bind({ args }) {
        for (const index of args.keys()) checkMask(args, index);
        return (
          text: string | null,
          upper: string | null = 'X',
          lower: string | null = 'x',
          digit: string | null = 'n',
          other: string | null = null,
        ) => (text === null ? null : mask(text, upper, lower, digit, other));
      },
    },
    { seesNulls: true, nullable: true },
  ),
];
