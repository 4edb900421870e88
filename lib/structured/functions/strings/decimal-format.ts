import { raise } from '../../../kernel/errors.ts';
import type { DataType, Long } from '../../types/data-type.ts';
import { powerOfTen } from '../../types/decimal.ts';

/** A number as it is, without rounding: `unscaled / 10 ** scale`. */
interface Exact {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Writes numbers of a type. */
export type NumberFormat = (value: Long) => string;

interface FormatParts {
  readonly prefix: string;
  readonly suffix: string;
  readonly negativePrefix: string;
  readonly negativeSuffix: string;
  readonly leastWhole: number;
  readonly leastFraction: number;
  readonly mostFraction: number;
  /** Digits between commas; 0 for none. */
  readonly grouping: number;
  readonly mostWhole: number;
  readonly leastExponent: number;
  readonly percent: number;
}

const formats = new Map<string, FormatParts>();

/** A number by a pattern of Java's DecimalFormat (`#,##0.00`, `0%`, `0.###E0`); halves are rounded to even. */
export function decimalFormat(functionName: string, pattern: string, type: DataType): NumberFormat {
  const parts = formats.get(pattern) ?? parse(functionName, pattern);
  if (formats.size >= 500) formats.clear();
  formats.set(pattern, parts);
  const exact = exactOf(type);
  return (value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      if (Number.isNaN(value)) return 'NaN';
      return value < 0 ? `${parts.negativePrefix}∞${parts.negativeSuffix}` : `${parts.prefix}∞${parts.suffix}`;
    }
    const { unscaled, scale } = exact(value);
    const isNegative = unscaled < 0n || Object.is(value, -0);
    const size = { unscaled: (unscaled < 0n ? -unscaled : unscaled) * 10n ** BigInt(parts.percent), scale };
    const digits = parts.leastExponent > 0 ? scientific(size, parts) : plain(size, parts);
    return isNegative
      ? `${parts.negativePrefix}${digits}${parts.negativeSuffix}`
      : `${parts.prefix}${digits}${parts.suffix}`;
  };
}

function exactOf(type: DataType): (value: Long) => Exact {
  if (type.kind === 'decimal') return (value) => ({ unscaled: BigInt(value), scale: type.scale });
  if (type.kind === 'double' || type.kind === 'float') return (value) => exactDouble(Number(value));
  return (value) => ({ unscaled: BigInt(value), scale: 0 });
}

/** A double is a whole number times a power of two: all of its digits. */
function exactDouble(value: number): Exact {
  if (Number.isInteger(value)) return { unscaled: BigInt(value), scale: 0 };
  let scaled = value;
  let power = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    power++;
  }
  return { unscaled: BigInt(scaled) * 5n ** BigInt(power), scale: power };
}

function roundHalfEven({ unscaled, scale }: Exact, places: number): bigint {
  if (scale <= places) return unscaled * powerOfTen(places - scale);
  const divisor = powerOfTen(scale - places);
  const quotient = unscaled / divisor;
  const twice = (unscaled % divisor) * 2n;
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function plain(size: Exact, { mostFraction, leastFraction, leastWhole, grouping }: FormatParts): string {
  const places = Math.min(mostFraction, Math.max(size.scale, leastFraction));
  const digits = roundHalfEven(size, places)
    .toString()
    .padStart(places + 1, '0');
  const whole = digits
    .slice(0, digits.length - places)
    .replace(/^0+/u, '')
    .padStart(leastWhole, '0');
  const fraction = trimmed(digits.slice(digits.length - places), leastFraction);
  const shown = whole === '' && fraction === '' ? '0' : whole;
  return grouped(shown, grouping) + (fraction === '' ? '' : `.${fraction}`);
}

/** One digit (or as many as the pattern has) in front of the point, and the power of ten. */
function scientific(
  size: Exact,
  { mostFraction, leastFraction, leastWhole, mostWhole, leastExponent }: FormatParts,
): string {
  const digits = size.unscaled.toString();
  const front = mostWhole > leastWhole ? 1 : Math.max(1, leastWhole);
  const exponent = size.unscaled === 0n ? 0 : digits.length - size.scale - front;
  const shifted = roundHalfEven({ unscaled: size.unscaled, scale: size.scale + exponent }, mostFraction).toString();
  const filled = shifted.padStart(mostFraction + 1, '0');
  const whole = filled.slice(0, filled.length - mostFraction);
  const fraction = trimmed(filled.slice(filled.length - mostFraction), leastFraction);
  const power = Math.abs(exponent).toString().padStart(leastExponent, '0');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}E${exponent < 0 ? '-' : ''}${power}`;
}

function trimmed(fraction: string, least: number): string {
  let length = fraction.length;
  while (length > least && fraction[length - 1] === '0') length--;
  return fraction.slice(0, length);
}

function grouped(whole: string, size: number): string {
  if (size === 0) return whole;
  const parts: string[] = [];
  for (let end = whole.length; end > 0; end -= size) parts.unshift(whole.slice(Math.max(0, end - size), end));
  return parts.join(',');
}

function parse(functionName: string, pattern: string): FormatParts {
  const [positive = '', negative] = pattern.split(';');
  const match = /^((?:'[^']*'|[^#0,.'])*)([#,]*[0,]*)(?:(\.)(0*)(#*))?(?:E(0+))?((?:'[^']*'|[^#0,.'])*)$/u.exec(
    positive,
  );
  if (match === null) {
    return raise('INVALID_PARAMETER_VALUE.OTHER', {
      function: functionName,
      value: pattern,
      expected: 'a pattern as #,##0.00',
    });
  }
  const [, prefix = '', whole = '', point, zeros = '', places = '', exponent = '', suffix = ''] = match;
  const [bare, end] = [unquoted(prefix), unquoted(suffix)];
  const signed = negative === undefined ? undefined : /^([^#0,.]*)[#0,.]*([^#0,.]*)$/u.exec(negative);
  const comma = whole.lastIndexOf(',');
  const hasDigits = (whole + zeros + places).replaceAll(',', '') !== '';
  return {
    prefix: bare,
    suffix: end,
    negativePrefix: signed ? unquoted(signed[1] ?? '') : `-${bare}`,
    negativeSuffix: signed ? unquoted(signed[2] ?? '') : end,
    leastWhole: whole.replaceAll(/[^0]/gu, '').length,
    mostWhole: whole.replaceAll(',', '').length,
    leastFraction: zeros.length,
    mostFraction: point === undefined && !hasDigits ? 0 : zeros.length + places.length,
    grouping: comma < 0 ? 0 : whole.length - comma - 1,
    leastExponent: exponent.length,
    percent: positive.includes('%') ? 2 : positive.includes('‰') ? 3 : 0,
  };
}

function unquoted(text: string): string {
  return text.replaceAll(/'([^']*)'/gu, (_, inside: string) => (inside === '' ? "'" : inside));
}
