import { raise } from '../../../kernel/errors.ts';
import { checkedDaysOfDate, daysOfDate } from '../../types/calendar.ts';
import type { Long } from '../../types/data-type.ts';
import { localOfTimestamp, microsOfDays, partsOfMicros, timestampOfLocal } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { addLong } from '../../types/long.ts';
import { zoneName } from './zone-name.ts';

type Field = { readonly letter: string; readonly count: number };
type Part = Field | { readonly text: string } | { readonly optional: readonly Part[] };

/** A pattern of Java's DateTimeFormatter, compiled once: prints and parses dates and times. English names, as Spark's default locale. */
export interface DatePattern {
  format(local: Long, micros: Long, zone: TimeZone): string;
  /** Undefined when the text does not fit, wholly. */
  parse(text: string, session: TimeZone): { readonly local: Long; readonly micros: Long } | undefined;
}

const compiled = new Map<string, DatePattern>();

export function datePattern(functionName: string, pattern: string): DatePattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const parts = parsePattern(functionName, pattern);
  let expression: Parser | undefined;
  const made: DatePattern = {
    format(local, micros, zone) {
      const { year, month, day, secondOfDay } = partsOfMicros(local);
      const hour = Math.floor(secondOfDay / 3600);
      const minute = Math.floor((secondOfDay % 3600) / 60);
      return formatParts(parts, { year, month, day, hour, minute, second: secondOfDay % 60, local, micros, zone });
    },
    parse(text, session) {
      expression ??= parserOf(functionName, pattern, parts);
      return parseParts(expression, text, session);
    },
  };
  if (compiled.size >= 500) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** The letters of patterns, and how often each may stand in a row. Spark refuses the others of Java, and the narrow forms. */
const mostLetters: ReadonlyMap<string, number> = new Map(
  (
    [
      ['aF', 1],
      ['dhHkKmsV', 2],
      ['D', 3],
      ['GMLQqEzO', 4],
      ['XxZ', 5],
      ['S', 9],
      ['y', 10],
    ] as const
  ).flatMap(([letters, most]) => Array.from(letters, (letter) => [letter, most] as const)),
);
/** Letters that are only printed. */
const onlyPrinted = /[EFQq]/u;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function parsePattern(functionName: string, pattern: string): readonly Part[] {
  const refuse = (): never => raise('INVALID_DATETIME_PATTERN', { function: functionName, pattern });
  const stack: Part[][] = [[]];
  const top = (): Part[] => stack.at(-1) as Part[];
  for (let i = 0; i < pattern.length;) {
    const char = pattern[i] as string;
    if (char === "'") {
      if (pattern[i + 1] === "'") {
        top().push({ text: "'" });
        i += 2;
        continue;
      }
      let text = '';
      for (i++; ; i++) {
        if (i >= pattern.length) refuse();
        if (pattern[i] === "'") {
          if (pattern[i + 1] !== "'") break;
          i++;
        }
        text += pattern[i] as string;
      }
      i++;
      top().push({ text });
    } else if (char === '[') {
      stack.push([]);
      i++;
    } else if (char === ']') {
      const optional = stack.length > 1 ? (stack.pop() as Part[]) : refuse();
      top().push({ optional });
      i++;
    } else if (/[A-Za-z]/u.test(char)) {
      let count = 1;
      while (pattern[i + count] === char) count++;
      if (count > (mostLetters.get(char) ?? 0)) refuse();
      if ((char === 'V' && count !== 2) || (char === 'O' && count !== 1 && count !== 4)) refuse();
      top().push({ letter: char, count });
      i += count;
    } else {
      if (char === '#' || char === '{' || char === '}') refuse();
      top().push({ text: char });
      i++;
    }
  }
  while (stack.length > 1) {
    const optional = stack.pop() as Part[];
    top().push({ optional });
  }
  return top();
}

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: Long;
  readonly local: Long;
  readonly zone: TimeZone;
}

function formatParts(parts: readonly Part[], moment: Moment): string {
  let result = '';
  for (const part of parts) {
    if ('text' in part) result += part.text;
    else result += 'optional' in part ? formatParts(part.optional, moment) : formatField(part, moment);
  }
  return result;
}

function padded(value: number, count: number): string {
  return value < 0 ? `-${String(-value).padStart(count, '0')}` : String(value).padStart(count, '0');
}

function formatField({ letter, count }: Field, moment: Moment): string {
  const { year, month, day, hour, minute, second } = moment;
  const yearOfEra = year > 0 ? year : 1 - year;
  switch (letter) {
    case 'G':
      if (count === 4) return year > 0 ? 'Anno Domini' : 'Before Christ';
      return year > 0 ? 'AD' : 'BC';
    case 'y': {
      if (count === 2) return padded(yearOfEra % 100, 2);
      const text = padded(yearOfEra, count);
      return count >= 4 && yearOfEra > 10 ** count - 1 ? `+${text}` : text;
    }
    case 'M':
    case 'L': {
      const name = months[month - 1] as string;
      if (count === 3) return name.slice(0, 3);
      return count === 4 ? name : padded(month, count);
    }
    case 'd':
      return padded(day, count);
    case 'D':
      return padded(daysOfDate(year, month, day) - daysOfDate(year, 1, 1) + 1, count);
    case 'Q':
    case 'q': {
      const quarter = Math.floor((month - 1) / 3) + 1;
      if (count === 3) return `Q${quarter}`;
      return count === 4 ? `${quarter}${['st', 'nd', 'rd', 'th'][quarter - 1]} quarter` : padded(quarter, count);
    }
    case 'E': {
      const name = days[dayOfWeek(daysOfDate(year, month, day))] as string;
      return count <= 3 ? name.slice(0, 3) : name;
    }
    case 'F':
      return padded(((day - 1) % 7) + 1, count);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12, count);
    case 'H':
      return padded(hour, count);
    case 'k':
      return padded(hour === 0 ? 24 : hour, count);
    case 'K':
      return padded(hour % 12, count);
    case 'm':
      return padded(minute, count);
    case 's':
      return padded(second, count);
    case 'S': {
      const fraction =
        typeof moment.local === 'number'
          ? ((moment.local % 1e6) + 1e6) % 1e6
          : Number(BigInt.asUintN(64, ((moment.local % 1_000_000n) + 1_000_000n) % 1_000_000n));
      return padded(fraction, 6).padEnd(9, '0').slice(0, count);
    }
    default:
      return formatZone(letter, count, moment);
  }
}

/** 0 is Sunday. */
export function dayOfWeek(days1970: number): number {
  return (((days1970 + 4) % 7) + 7) % 7;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function formatZone(letter: string, count: number, { zone, micros }: Moment): string {
  if (letter === 'V') return zone.id;
  if (letter === 'z') return zoneName(zone.id, Number(micros) / 1000, count === 4 ? 'long' : 'short');
  const offset = zone.offsetAtUtc(typeof micros === 'number' ? Math.floor(micros / 1e6) : Number(micros / 1_000_000n));
  const sign = offset < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(offset) / 3600);
  const minutes = Math.floor((Math.abs(offset) % 3600) / 60);
  const seconds = Math.abs(offset) % 60;
  if (letter === 'O') {
    if (offset === 0) return 'GMT';
    return count === 1
      ? `GMT${sign}${hours}${minutes === 0 ? '' : `:${two(minutes)}`}`
      : `GMT${sign}${two(hours)}:${two(minutes)}`;
  }
  if (letter === 'X' && offset === 0) return 'Z';
  if (letter === 'Z' && count === 4) return offset === 0 ? 'GMT' : `GMT${sign}${two(hours)}:${two(minutes)}`;
  if (letter === 'Z' && count === 5) return offset === 0 ? 'Z' : `${sign}${two(hours)}:${two(minutes)}`;
  if (letter === 'Z') return `${sign}${two(hours)}${two(minutes)}`;
  if (count === 1) return `${sign}${two(hours)}${minutes === 0 ? '' : two(minutes)}`;
  const colon = count === 3 || count === 5 ? ':' : '';
  const tail = count >= 4 && seconds !== 0 ? `${colon}${two(seconds)}` : '';
  return `${sign}${two(hours)}${colon}${two(minutes)}${tail}`;
}

interface Parser {
  readonly pattern: RegExp;
  readonly fields: readonly Field[];
}

/** One regular expression for the whole pattern: one group for each field. Case does not matter. */
function parserOf(functionName: string, given: string, parts: readonly Part[]): Parser {
  const fields: Field[] = [];
  const source = (items: readonly Part[]): string =>
    items
      .map((part, i) => {
        if ('text' in part) return part.text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
        if ('optional' in part) return `(?:${source(part.optional)})?`;
        if (onlyPrinted.test(part.letter))
          raise('INVALID_DATETIME_PATTERN', { function: functionName, pattern: given });
        fields.push(part);
        const next = items[i + 1];
        const isAdjacent = next !== undefined && 'letter' in next;
        return `(${fieldSource(part, isAdjacent)})`;
      })
      .join('');
  const text = source(parts);
  return { pattern: new RegExp(`^${text}$`, 'iu'), fields };
}

function fieldSource({ letter, count }: Field, isAdjacent: boolean): string {
  switch (letter) {
    case 'G':
      return count === 4 ? 'Anno Domini|Before Christ' : 'AD|BC';
    case 'y':
      if (count === 2) return String.raw`\d{2}`;
      if (isAdjacent) return String.raw`\d{${count}}`;
      // A year with more digits than the pattern has a plus in front.
      return count === 1 ? String.raw`\d{1,10}` : String.raw`\d{${count}}|\+\d{${count + 1},10}`;
    case 'M':
    case 'L':
      if (count === 3) return months.map((name) => name.slice(0, 3)).join('|');
      return count === 4 ? months.join('|') : digitsSource(count, 2, isAdjacent);
    case 'a':
      return 'AM|PM';
    case 'D':
      return digitsSource(count, 3, isAdjacent);
    case 'S':
      return isAdjacent ? String.raw`\d{${count}}` : String.raw`\d{1,${count}}`;
    case 'V':
    case 'z':
      return String.raw`[A-Za-z][A-Za-z0-9_/+:-]*|[+-]\d{2}:?\d{2}`;
    case 'O':
      return String.raw`GMT(?:[+-]\d{1,2}(?::\d{2})?)?`;
    case 'X':
      return String.raw`Z|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?`;
    case 'x':
    case 'Z':
      return String.raw`(?:GMT)?[+-]\d{2}(?::?\d{2})?(?::?\d{2})?|GMT|Z`;
    default:
      return digitsSource(count, 2, isAdjacent);
  }
}

/** One letter takes as many digits as there are, more take exactly their number. */
function digitsSource(count: number, most: number, isAdjacent: boolean): string {
  if (count > 1) return String.raw`\d{${count}}`;
  return isAdjacent ? String.raw`\d` : String.raw`\d{1,${most}}`;
}

function parseParts(
  { pattern, fields }: Parser,
  text: string,
  session: TimeZone,
): { local: Long; micros: Long } | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const values = new Map<string, string>();
  for (const [i, field] of fields.entries()) {
    const value = match[i + 1];
    if (value !== undefined) values.set(field.letter === 'L' ? 'M' : field.letter, `${field.count}:${value}`);
  }
  const numberOf = (letter: string): number | undefined => {
    const value = values.get(letter);
    return value === undefined ? undefined : Number(value.slice(value.indexOf(':') + 1));
  };
  const year = yearOf(values);
  const dayOfYear = numberOf('D');
  const date =
    dayOfYear === undefined
      ? checkedDaysOfDate(year, monthOf(values), numberOf('d') ?? 1)
      : dayOfYear >= 1 && dayOfYear <= daysOfDate(year + 1, 1, 1) - daysOfDate(year, 1, 1)
        ? daysOfDate(year, 1, 1) + dayOfYear - 1
        : undefined;
  const hour = hourOf(values, numberOf);
  const minute = numberOf('m') ?? 0;
  const second = numberOf('s') ?? 0;
  if (date === undefined || hour === undefined || minute > 59 || second > 59) return undefined;
  const fraction = values.get('S');
  const micros =
    fraction === undefined
      ? 0
      : Number(
          fraction
            .slice(fraction.indexOf(':') + 1)
            .padEnd(6, '0')
            .slice(0, 6),
        );
  const local = addLong(microsOfDays(date), (hour * 3600 + minute * 60 + second) * 1e6 + micros);
  const zone = zoneOf(values) ?? session;
  return { local, micros: timestampOfLocal(local, zone) };
}

function yearOf(values: ReadonlyMap<string, string>): number {
  const value = values.get('y');
  if (value === undefined) return 1970;
  const [count = '', digits = ''] = value.split(':');
  const year = count === '2' ? 2000 + Number(digits) : Number(digits);
  return /:B/iu.test(values.get('G') ?? '') ? 1 - year : year;
}

function monthOf(values: ReadonlyMap<string, string>): number {
  const value = values.get('M');
  if (value === undefined) return 1;
  const text = value.slice(value.indexOf(':') + 1).toLowerCase();
  return /^\d/u.test(text) ? Number(text) : months.findIndex((name) => name.toLowerCase().startsWith(text)) + 1;
}

function hourOf(
  values: ReadonlyMap<string, string>,
  numberOf: (letter: string) => number | undefined,
): number | undefined {
  const isAfternoon = values.get('a')?.toUpperCase().endsWith('PM') === true;
  const [h, k, upperK, upperH] = [numberOf('h'), numberOf('k'), numberOf('K'), numberOf('H')];
  if (h !== undefined) return h < 1 || h > 12 ? undefined : (h % 12) + (isAfternoon ? 12 : 0);
  if (upperK !== undefined) return upperK > 11 ? undefined : upperK + (isAfternoon ? 12 : 0);
  if (k !== undefined) return k < 1 || k > 24 ? undefined : k % 24;
  return (upperH ?? 0) > 23 ? undefined : (upperH ?? 0);
}

function zoneOf(values: ReadonlyMap<string, string>): TimeZone | undefined {
  for (const letter of ['V', 'z', 'O', 'X', 'x', 'Z']) {
    const value = values.get(letter);
    if (value === undefined) continue;
    const text = value.slice(value.indexOf(':') + 1).replace(/^GMT(?=[+-])/u, '');
    const compact = /^([+-]\d{2})(\d{2})$/u.exec(text);
    return timeZone(compact === null ? text : `${compact[1]}:${compact[2]}`);
  }
  return undefined;
}

/** A local time as text by a pattern. */
export function formatTimestamp(pattern: DatePattern, micros: Long, zone: TimeZone): string {
  return pattern.format(localOfTimestamp(micros, zone), micros, zone);
}
