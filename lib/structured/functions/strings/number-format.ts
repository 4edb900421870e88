import { raise } from '../../../kernel/errors.ts';
import type { DataType, Long } from '../../types/data-type.ts';
import { decimalText, parseDecimal } from '../../types/decimal.ts';
import { atomic, decimalType } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf, takes, unexpected } from '../signatures.ts';
import { datePattern, formatTimestamp } from '../datetimes/date-pattern.ts';
import { sessionZone } from '../datetimes/parse-format.ts';
import { utf8Text } from '../../types/utf8.ts';
import { base64, hexOfBytes } from './encodings.ts';
import { checkLength } from './text-limit.ts';
import { type NumberFormat, decimalFormat } from './decimal-format.ts';

const define = scalarsOf('string');

/** A pattern of `to_number` and `to_char`, in its parts. */
interface NumberPattern {
  /** `9`, `0` and `,` in front of the point. */
  readonly whole: string;
  readonly fraction: string;
  readonly hasPoint: boolean;
  readonly dollar: boolean;
  readonly sign: 'none' | 'S first' | 'S last' | 'MI first' | 'MI last' | 'PR';
}

function parsePattern(functionName: string, text: string): NumberPattern {
  const upper = text.toUpperCase().replaceAll('G', ',').replaceAll('D', '.');
  const refuse = (reason: string): never =>
    raise('INVALID_FORMAT.UNEXPECTED_TOKEN', { function: functionName, format: text, reason });
  if (upper === '') refuse('it is empty');
  const match = /^(MI|S)?(\$?)([09,]*)(\.?)([09]*)(PR|MI|S)?$/u.exec(upper);
  const [, first, dollar, whole = '', point, fraction = '', last] = match ?? [];
  if (match === null) refuse('it has the form [MI|S] [$] [0|9|G|,]* [.|D] [0|9]* [MI|S|PR]');
  if (whole + fraction === '') refuse('it has no digit');
  if (/^,|,,|,$/u.test(whole)) refuse('a comma has no digits on one of its sides');
  if (first !== undefined && last !== undefined) refuse('it has two signs');
  const sign =
    first === undefined
      ? last === undefined
        ? 'none'
        : last === 'PR'
          ? 'PR'
          : (`${last} last` as 'S last')
      : (`${first} first` as 'S first');
  return { whole, fraction, hasPoint: point === '.', dollar: dollar === '$', sign };
}

function digitsIn(text: string): number {
  return text.replaceAll(/[^09]/gu, '').length;
}

function patternType({ whole, fraction }: NumberPattern): DataType {
  return decimalType(Math.max(1, digitsIn(whole) + fraction.length), fraction.length);
}

/** The unscaled value of a text that fits a pattern; undefined for any other. */
function readNumber(pattern: NumberPattern, given: string): Long | undefined {
  let text = given.trim();
  let isNegative = false;
  const { sign } = pattern;
  if (sign === 'PR' && /^<.*>$/u.test(text)) {
    isNegative = true;
    text = text.slice(1, -1);
  } else if (sign.endsWith('first') && /^[+-]/u.test(text) && !(sign.startsWith('MI') && text.startsWith('+'))) {
    isNegative = text.startsWith('-');
    text = text.slice(1);
  } else if (sign.endsWith('last') && /[+-]$/u.test(text) && !(sign.startsWith('MI') && text.endsWith('+'))) {
    isNegative = text.endsWith('-');
    text = text.slice(0, -1);
  }
  if (pattern.dollar) {
    if (!text.startsWith('$')) return undefined;
    text = text.slice(1);
  }
  const [whole = '', fraction = ''] = text.split('.');
  if (text.includes('.') && !pattern.hasPoint) return undefined;
  if (!/^[\d,]*(?:\.\d*)?$/u.test(text) || (whole + fraction).replaceAll(',', '') === '') return undefined;
  if (fraction.length > pattern.fraction.length || !fitsGroups(pattern.whole, whole)) return undefined;
  return parseDecimal(`${isNegative ? '-' : ''}${whole.replaceAll(',', '')}.${fraction}`, pattern.fraction.length);
}

/** Each group between commas has at most (and behind a comma exactly) the digits of the pattern; a run that begins with 0 is exact. */
function fitsGroups(pattern: string, text: string): boolean {
  const wanted = pattern.split(',').toReversed();
  const given = text.split(',').toReversed();
  if (given.length > wanted.length) return false;
  return given.every((group, i) => {
    const size = (wanted[i] ?? '').length;
    const isLast = i === given.length - 1;
    const isExact = !isLast || (i === wanted.length - 1 && (wanted[i] ?? '').startsWith('0'));
    return isExact ? group.length === size : group.length <= size;
  });
}

/** A number by a pattern; filled with blanks, or with # where it does not fit. A sign that the pattern has no place for is left out. */
function writeNumber(pattern: NumberPattern, unscaled: Long, scale: number): string {
  const isNegative = unscaled < 0;
  const [given = '0', fractionGiven = ''] = decimalText(isNegative ? -unscaled : unscaled, scale).split('.');
  const places = pattern.whole.replaceAll(',', '');
  const whole = given === '0' && !(pattern.hasPoint && places !== '') ? '' : given;
  const fits = whole.length <= places.length && fractionGiven.replace(/0+$/u, '').length <= pattern.fraction.length;
  let text = '';
  const { sign } = pattern;
  if (sign === 'S first') text += isNegative ? '-' : '+';
  if (sign === 'MI first') text += isNegative ? '-' : ' ';
  if (sign === 'PR' && isNegative) text += '<';
  if (pattern.dollar) text += '$';
  const filled = fits ? whole.padStart(places.length, ' ') : '#'.repeat(places.length);
  let at = 0;
  let hasDigit = false;
  for (const char of pattern.whole) {
    if (char === ',') {
      text = hasDigit && fits ? `${text},` : withBlank(text);
      continue;
    }
    const isZeroPlace = places.slice(0, ++at).includes('0');
    const digit = filled[at - 1] === ' ' && isZeroPlace ? '0' : (filled[at - 1] ?? ' ');
    text = digit === ' ' ? withBlank(text) : text + digit;
    hasDigit ||= digit !== ' ';
  }
  if (pattern.hasPoint) {
    const { length } = pattern.fraction;
    const fraction = fits ? fractionGiven.padEnd(length, '0').slice(0, length) : '#'.repeat(length);
    text += fraction === '' ? ' ' : `.${fraction}`;
  }
  switch (sign) {
    case 'S last':
      return beforeBlanks(text, isNegative ? '-' : '+');
    case 'MI last':
      return isNegative ? beforeBlanks(text, '-') : `${text} `;
    case 'PR':
      return isNegative ? beforeBlanks(text, '>') : `${text}  `;
    default:
      return text;
  }
}

/** A sign stays next to the digits. */
function withBlank(text: string): string {
  return /[-+<]$/u.test(text) ? `${text.slice(0, -1)} ${text.slice(-1)}` : `${text} `;
}

function beforeBlanks(text: string, sign: string): string {
  const blanks = text.length - text.trimEnd().length;
  return text.slice(0, text.length - blanks) + sign + ' '.repeat(blanks);
}

function toNumber(name: string, isTry: boolean, examples: FunctionDefinition['examples']): FunctionDefinition {
  const patternOf = (args: Parameters<FunctionDefinition['resolve']>[0]): NumberPattern =>
    parsePattern(name, String(constantOf(name, args, 1)));
  return {
    name,
    group: 'string',
    summary: `The number of a text by a format${isTry ? '; null for a text that does not fit' : ''}.`,
    usage: `${name}(expr, fmt)`,
    examples,
    resolve(args, site) {
      return { ...takes(name, ['string', 'string'], () => patternType(patternOf(args)))(args, site), nullable: true };
    },
    body: {
      kind: 'scalar',
      bind({ args }) {
        const pattern = patternOf(args);
        return {
          evaluate(text: string, format: string) {
            const value = readNumber(pattern, text);
            if (value !== undefined) return value;
            return isTry ? null : raise('INVALID_FORMAT.MISMATCH_INPUT', { input: text.slice(0, 100), format });
          },
        };
      },
    },
  };
}

const toChar: FunctionDefinition = {
  name: 'to_char',
  aliases: ['to_varchar'],
  group: 'string',
  summary: 'A number, a date, a time or bytes as text by a format; bytes by base64, hex or utf-8.',
  usage: 'to_char(expr, fmt)',
  examples: [
    ["to_char(454, '999')", '454'],
    ["to_char(454.00, '000D00')", '454.00'],
    ["to_char(12454, '99G999')", '12,454'],
    ["to_char(78.12, '$99.99')", '$78.12'],
    ["to_char(-12454.8, '99G999D9S')", '12,454.8-'],
    ["to_char(DATE'2016-04-08', 'y')", '2016'],
    ["to_char(x'537061726b', 'hex')", '537061726B'],
  ],
  resolve(args, site) {
    const kind = args[0]?.type.kind ?? 'void';
    if (isTime(kind)) return takes('to_char', ['timestamp', 'string'], 'string')(args, site);
    if (kind === 'binary') return takes('to_char', ['binary', 'string'], 'string', { nullable: true })(args, site);
    const signature = takes('to_char', ['numeric', 'string'], 'string')(args, site);
    const type = args[0]?.type;
    const digits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 20 };
    const wanted =
      type?.kind === 'decimal'
        ? type
        : decimalType(
            type === undefined ? 38 : (digits[type.kind] ?? 38),
            type !== undefined && type.kind in digits ? 0 : 18,
          );
    return { ...signature, args: [wanted, atomic('string')] };
  },
  body: {
    kind: 'scalar',
    bind(site: BindSite) {
      const { args } = site;
      const kind = args[0]?.type.kind ?? 'void';
      const given = constantOf('to_char', args, 1);
      if (given === null) return { evaluate: () => null };
      const format = given as string;
      if (isTime(kind)) {
        const zone = sessionZone(site);
        const dates = datePattern('to_char', format);
        return { evaluate: (micros: Long) => formatTimestamp(dates, micros, zone) };
      }
      if (kind === 'binary') return { evaluate: bytesWriter(format) };
      const pattern = parsePattern('to_char', format);
      const type = args[0]?.type;
      const scale = type?.kind === 'decimal' ? type.scale : 0;
      return { evaluate: (value: Long) => writeNumber(pattern, value, scale) };
    },
  },
};

function isTime(kind: string): boolean {
  return kind === 'date' || kind === 'timestamp' || kind === 'timestamp_ntz';
}

function bytesWriter(format: string): (bytes: Uint8Array) => string {
  switch (format.toLowerCase()) {
    case 'base64':
      return base64;
    case 'hex':
      return hexOfBytes;
    case 'utf-8':
    case 'utf8':
      return utf8Text;
    default:
      return raise('INVALID_PARAMETER_VALUE.OTHER', {
        function: 'to_char',
        value: format,
        expected: 'base64, hex or utf-8',
      });
  }
}

/** Numbers and texts by formats. */
export const numberFormatFunctions: readonly FunctionDefinition[] = [
  toNumber('to_number', false, [
    ["to_number('454', '999')", '454'],
    ["to_number('454.00', '000.00')", '454.00'],
    ["to_number('$78.12', '$99.99')", '78.12'],
    ["to_number('12,454.8-', '99,999.9S')", '-12454.8'],
  ]),
  toNumber('try_to_number', true, [["try_to_number('abc', '999')", 'NULL']]),
  toChar,
  {
    ...define(
      'format_number',
      ['numeric', 'any'],
      'string',
      {
        summary:
          'A number with commas between thousands, rounded to so many places half to even; or by a pattern of Java.',
        usage: 'format_number(expr, places or pattern)',
        examples: [
          ['format_number(12332.123456, 4)', '12,332.1235'],
          ['format_number(5, 0)', '5'],
          ["format_number(12332.123456, '##################.###')", '12332.123'],
        ],
      },
      () => null,
      { nullable: true },
    ),
    resolve(args, site) {
      const first = args[0];
      if (first?.type.kind === 'string') unexpected('format_number', 0, first, 'NUMERIC');
      const second = args[1]?.type.kind === 'string' ? 'string' : 'int';
      return takes('format_number', ['numeric', second], 'string', { nullable: true })(args, site);
    },
    body: {
      kind: 'scalar',
      bind({ args }) {
        const type = args[0]?.type ?? atomic('double');
        let last: { readonly places: number | string; readonly format: NumberFormat } | undefined;
        return {
          evaluate(value: Long, places: number | string) {
            if (typeof places === 'number' && places < 0) return null;
            if (typeof places === 'number') checkLength('format_number', places * 10_000);
            if (last?.places !== places)
              last = { places, format: decimalFormat('format_number', patternOf(places), type) };
            return last.format(value);
          },
        };
      },
    },
  },
];

function patternOf(places: number | string): string {
  if (typeof places === 'string') return places === '' ? '#,###' : places;
  return `#,##0${places > 0 ? `.${'0'.repeat(places)}` : ''}`;
}
