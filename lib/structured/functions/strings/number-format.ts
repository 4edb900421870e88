import { raise } from '../../../kernel/errors.ts';
import type { DataType, Long } from '../../types/data-type.ts';
import { decimalText, parseDecimal } from '../../types/decimal.ts';
import { atomic, decimalType } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf, takes } from '../signatures.ts';
import { formatText } from './format-text.ts';

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
  const match = /^(MI|S)?(\$?)([09,]*)(\.?)([09]*)(\$?)(PR|MI|S)?$/u.exec(upper);
  const [, first, dollar, whole = '', point, fraction = '', , last] = match ?? [];
  const isValid =
    match !== null &&
    (whole + fraction).length > 0 &&
    !whole.startsWith(',') &&
    !(first !== undefined && last !== undefined);
  if (!isValid) {
    raise('INVALID_PARAMETER_VALUE.OTHER', {
      function: functionName,
      value: text,
      expected: 'a format of 9, 0, comma, point, $, S, MI, PR',
    });
  }
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

/** A number by a pattern; filled with blanks, or with # where it does not fit. */
function writeNumber(pattern: NumberPattern, unscaled: Long, scale: number): string {
  const isNegative = unscaled < 0;
  const text = decimalText(isNegative ? (typeof unscaled === 'bigint' ? -unscaled : -unscaled) : unscaled, scale);
  const [given = '0', fractionGiven = ''] = text.split('.');
  const whole = given === '0' ? '' : given;
  const places = pattern.whole.replaceAll(',', '');
  const fits =
    whole.length <= places.length &&
    fractionGiven.replace(/0+$/u, '').length <= pattern.fraction.length &&
    !(isNegative && pattern.sign === 'none');
  const filled = fits ? whole.padStart(places.length, ' ') : '#'.repeat(places.length);
  let body = '';
  let at = 0;
  let hasDigit = false;
  for (const char of pattern.whole) {
    if (char === ',') body += hasDigit || !fits ? ',' : ' ';
    else {
      const digit = filled[at++] ?? ' ';
      const isZeroPlace = places.slice(0, at).includes('0');
      body += digit === ' ' && isZeroPlace ? '0' : digit;
      hasDigit ||= digit !== ' ' || isZeroPlace;
    }
  }
  if (pattern.hasPoint)
    body += `.${fits ? fractionGiven.padEnd(pattern.fraction.length, '0').slice(0, pattern.fraction.length) : '#'.repeat(pattern.fraction.length)}`;
  if (pattern.dollar) body = body.replace(/^( *)/u, '$1$$');
  switch (pattern.sign) {
    case 'S first':
      return body.replace(/^( *)/u, `$1${isNegative ? '-' : '+'}`);
    case 'MI first':
      return body.replace(/^( *)/u, `$1${isNegative ? '-' : ' '}`);
    case 'S last':
      return body + (isNegative ? '-' : '+');
    case 'MI last':
      return body + (isNegative ? '-' : ' ');
    case 'PR':
      return isNegative ? `${body.replace(/^( *)/u, '$1<')}>` : `${body}  `;
    default:
      return body;
  }
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
  summary: 'A number as text by a format.',
  usage: 'to_char(expr, fmt)',
  examples: [
    ["to_char(454, '999')", '454'],
    ["to_char(454.00, '000D00')", '454.00'],
    ["to_char(12454, '99G999')", '12,454'],
    ["to_char(78.12, '$99.99')", '$78.12'],
    ["to_char(-12454.8, '99G999D9S')", '12,454.8-'],
  ],
  resolve(args, site) {
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
    bind({ args }: BindSite) {
      const pattern = parsePattern('to_char', String(constantOf('to_char', args, 1)));
      const type = args[0]?.type;
      const scale = type?.kind === 'decimal' ? type.scale : 0;
      return { evaluate: (value: Long) => writeNumber(pattern, value, scale) };
    },
  },
};

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
        summary: 'A number with commas between thousands, rounded to so many places half to even.',
        usage: 'format_number(expr, places)',
        examples: [
          ['format_number(12332.123456, 4)', '12,332.1235'],
          ['format_number(5, 0)', '5'],
        ],
      },
      () => null,
      { nullable: true },
    ),
    resolve(args, site) {
      const signature = takes('format_number', ['numeric', 'int'], 'string')(args, site);
      return { ...signature, nullable: true };
    },
    body: {
      kind: 'scalar',
      bind({ args }) {
        const type = args[0]?.type ?? atomic('double');
        return {
          evaluate(value: number, places: number) {
            if (places < 0) return null;
            const fixed =
              type.kind === 'int' || type.kind === 'bigint' || type.kind === 'smallint' || type.kind === 'tinyint'
                ? decimalType(38, 0)
                : type;
            return formatText(
              `%,.${places}f`,
              [fixed.kind === 'decimal' ? Number(decimalText(value, fixed.scale)) : value],
              [atomic('double')],
            );
          },
        };
      },
    },
  },
];
