import { raise } from '../../../kernel/errors.ts';
import type { DataType } from '../../types/data-type.ts';
import { decimalText } from '../../types/decimal.ts';
import { javaDouble, javaFloat } from '../../types/double-text.ts';
import { isIntegral } from '../../types/type-classes.ts';
import { checkLength } from './text-limit.ts';

/**
 * Java's `String.format` for the conversions that SQL values have: `%s %d %x %X %o %c %b %e %E %f %g %n %%`, with position, flags, width
 * and precision. Nulls print `null`.
 */
export function formatText(format: string, values: readonly unknown[], types: readonly DataType[]): string {
  let next = 0;
  return format.replaceAll(
    /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/gu,
    (
      whole,
      position: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      conversion: string | undefined,
    ) => {
      if (conversion === undefined) return refuse(whole, 'a conversion behind each %');
      if (flags.includes('-') && width === undefined) refuse(whole, 'a width with the flag -');
      checkLength('format_string', Math.max(Number(width ?? 0), Number(precision ?? 0)) * 10_000);
      if (conversion === 'n') return '\n';
      if (conversion === '%') return padded('%', width, flags);
      const index = position === undefined ? (flags.includes('<') ? next - 1 : next++) : Number(position) - 1;
      if (index < 0 || index >= values.length) refuse(whole, 'a value for each place');
      return padded(converted(whole, values[index], types[index], conversion, flags, precision, width), width, flags);
    },
  );
}

function padded(text: string, width: string | undefined, flags: string): string {
  if (width === undefined) return text;
  return flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width));
}

function refuse(what: string, expected: string): never {
  return raise('INVALID_PARAMETER_VALUE.OTHER', { function: 'format_string', value: what, expected });
}

function converted(
  place: string,
  value: unknown,
  type: DataType | undefined,
  conversion: string,
  flags: string,
  precision: string | undefined,
  width: string | undefined,
): string {
  const lower = conversion.toLowerCase();
  const upper = (text: string): string => (conversion === lower ? text : text.toUpperCase());
  if (lower === 'b') return upper(String(value === null ? false : typeof value === 'boolean' ? value : true));
  if (value === null || value === undefined)
    return upper(precision === undefined ? 'null' : 'null'.slice(0, Number(precision)));
  switch (lower) {
    case 's': {
      const text = type?.kind === 'decimal' ? decimalText(value as number, type.scale) : textOf(value, type);
      return upper(precision === undefined ? text : text.slice(0, Number(precision)));
    }
    case 'd': {
      const number = wholeOf(place, value, type);
      return signed(number < 0n, grouped((number < 0n ? -number : number).toString(), flags), flags, width);
    }
    case 'x':
    case 'o': {
      const bits = type?.kind === 'bigint' ? 64 : 32;
      const digits = BigInt.asUintN(bits, wholeOf(place, value, type)).toString(lower === 'x' ? 16 : 8);
      const shown = flags.includes('#') ? `${lower === 'x' ? '0x' : '0'}${digits}` : digits;
      return upper(flags.includes('0') && width !== undefined ? shown.padStart(Number(width), '0') : shown);
    }
    case 'c':
      return upper(String.fromCodePoint(Number(wholeOf(place, value, type))));
    case 'e':
    case 'f':
    case 'g': {
      if (type?.kind !== 'double' && type?.kind !== 'float') return refuse(place, 'a double or a float');
      const number = Number(value);
      if (!Number.isFinite(number)) return upper(Number.isNaN(number) ? 'NaN' : number < 0 ? '-Infinity' : 'Infinity');
      return upper(
        signed(number < 0 || Object.is(number, -0), floating(Math.abs(number), lower, precision, flags), flags, width),
      );
    }
    default:
      return refuse(place, 'a conversion of Java');
  }
}

function wholeOf(place: string, value: unknown, type: DataType | undefined): bigint {
  return type !== undefined && isIntegral(type) ? BigInt(value as number) : refuse(place, 'a whole number');
}

function floating(value: number, conversion: string, precision: string | undefined, flags: string): string {
  const places = precision === undefined ? 6 : Number(precision);
  if (conversion === 'f') return grouped(fixedHalfUp(value, places), flags);
  if (conversion === 'e') return exponent(value.toExponential(places));
  const significant = places === 0 ? 1 : places;
  if (value !== 0 && (value < 1e-4 || value >= 10 ** significant))
    return exponent(value.toExponential(significant - 1));
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(value));
  return grouped(value.toFixed(Math.max(0, significant - 1 - magnitude)), flags);
}

/** Java rounds the decimal text of a double half up. */
function fixedHalfUp(value: number, places: number): string {
  const text = value.toString();
  if (text.includes('e') || places > 15) return value.toFixed(places);
  const [whole = '0', fraction = ''] = text.split('.');
  if (fraction.length <= places) return places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`;
  const kept = BigInt(whole + fraction.slice(0, places)) + (fraction.charCodeAt(places) >= 53 ? 1n : 0n);
  const digits = kept.toString().padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/u, 'e$10$2');
}

function grouped(digits: string, flags: string): string {
  if (!flags.includes(',')) return digits;
  const [whole = '', fraction] = digits.split('.');
  const parts = whole.replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
  return fraction === undefined ? parts : `${parts}.${fraction}`;
}

function signed(isNegative: boolean, digits: string, flags: string, width: string | undefined): string {
  const sign = isNegative
    ? flags.includes('(')
      ? '('
      : '-'
    : flags.includes('+')
      ? '+'
      : flags.includes(' ')
        ? ' '
        : '';
  const end = isNegative && flags.includes('(') ? ')' : '';
  const filled =
    flags.includes('0') && width !== undefined
      ? digits.padStart(Number(width) - sign.length - end.length, '0')
      : digits;
  return sign + filled + end;
}

function textOf(value: unknown, type: DataType | undefined): string {
  if (type?.kind === 'double') return javaDouble(value as number);
  if (type?.kind === 'float') return javaFloat(value as number);
  return String(value);
}
