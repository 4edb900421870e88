import { raise } from '../../../kernel/errors.ts';
import { dateText, parseDate } from '../../types/calendar.ts';
import type { InternalValue, Long } from '../../types/data-type.ts';
import { daysOfMicros, floorDivide, microsOfDays, parseTimestamp, parseTimestampNtz } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { wrapLong, multiplyLong } from '../../types/long.ts';
import { scalarsOf } from '../scalar.ts';
import { unexpected } from '../signatures.ts';
import { type DatePattern, datePattern, formatTimestamp } from './date-pattern.ts';

const define = scalarsOf('datetime');

export function sessionZone({ timeZone: id }: Pick<BindSite, 'timeZone'>): TimeZone {
  return timeZone(id) ?? raise('INTERNAL_INVARIANT', { what: `the session's time zone ${id} is unknown` });
}

/** The zone of a name; there is an error for one that is not known. */
export function zoneOf(id: string): TimeZone {
  return timeZone(id) ?? raise('INVALID_TIMEZONE', { timeZone: id });
}

/** The pattern at an argument: compiled when the call is made where it is a literal. */
function patternAt(name: string, { args }: BindSite, index: number): (given: string) => DatePattern {
  const arg = args[index];
  if (arg?.kind === 'literal' && typeof arg.value === 'string') {
    const fixed = datePattern(name, arg.value);
    return () => fixed;
  }
  return (given) => datePattern(name, given);
}

type OnBadText = 'fail' | 'null';

/** Reads a time from a text (by a pattern, or as a cast does), a date or a time. */
function toTimestamp(
  name: string,
  site: BindSite,
  onBad: OnBadText,
  isLocal: boolean,
): (value: InternalValue, pattern?: string) => Long | null {
  const zone = isLocal ? (timeZone('UTC') as TimeZone) : sessionZone(site);
  const pattern = patternAt(name, site, 1);
  const kind = site.args[0]?.type.kind;
  const now = (): Long => site.context.batchTimestampUs;
  const bad = (value: string, given: string | undefined): null => {
    if (onBad === 'null') return null;
    if (given === undefined) {
      const targetType = isLocal ? 'TIMESTAMP_NTZ' : 'TIMESTAMP';
      raise('CAST_INVALID_INPUT', { expression: value.slice(0, 100), sourceType: 'STRING', targetType });
    }
    return raise('CANNOT_PARSE_TIMESTAMP', {
      value: value.slice(0, 100),
      pattern: given,
      suggestion: 'try_to_timestamp',
    });
  };
  return (value, given) => {
    if (kind === 'date') return isLocal ? microsOfDays(value as number) : localStart(value as number, zone);
    if (kind === 'timestamp' || kind === 'timestamp_ntz') return value as Long;
    const text = value as string;
    if (given === undefined)
      return (isLocal ? parseTimestampNtz(text) : parseTimestamp(text, zone, now)) ?? bad(text, given);
    const parsed = pattern(given).parse(text, zone);
    if (parsed === undefined) return bad(text, given);
    return isLocal ? parsed.local : parsed.micros;
  };
}

function localStart(days: number, zone: TimeZone): Long {
  const text = parseTimestamp(dateText(days), zone);
  return text ?? microsOfDays(days);
}

function toDate(
  name: string,
  site: BindSite,
  onBad: OnBadText,
): (value: InternalValue, pattern?: string) => number | null {
  const pattern = patternAt(name, site, 1);
  const utc = timeZone('UTC') as TimeZone;
  const bad = (text: string, given: string | undefined): null => {
    if (onBad === 'null') return null;
    if (given === undefined)
      raise('CAST_INVALID_INPUT', { expression: text, sourceType: 'STRING', targetType: 'DATE' });
    return raise('CANNOT_PARSE_TIMESTAMP', { value: text.slice(0, 100), pattern: given, suggestion: 'try_to_date' });
  };
  return (value, given) => {
    const text = value as string;
    if (given === undefined) return parseDate(text) ?? bad(text, given);
    const parsed = pattern(given).parse(text, utc);
    return parsed === undefined ? bad(text, given) : daysOfMicros(parsed.local);
  };
}

/** `to_date` of a time is its local date, of a text it is parsed. */
function dateFunction(
  name: string,
  onBad: (site: BindSite) => OnBadText,
  example: readonly [string, string],
): FunctionDefinition {
  const text = {
    summary: `The date of a text (by a pattern, or as a cast reads it) or of a time${name.startsWith('try') ? '; null for other texts' : ''}.`,
    usage: `${name}(expr[, fmt])`,
    examples: [example],
  };
  const definition = define(name, ['any', 'string?'], 'date', text, () => null, { nullable: true });
  return {
    ...definition,
    resolve(args, site) {
      const signature = definition.resolve(args, site);
      const kind = args[0]?.type.kind;
      const isText = kind === 'string' || kind === 'void' || args.length > 1;
      return { ...signature, args: [{ kind: isText ? 'string' : 'date' }, ...signature.args.slice(1)] };
    },
    body: {
      kind: 'scalar',
      bind: (site) => ({
        evaluate: site.args[0]?.type.kind === 'date' ? (days: number) => days : toDate(name, site, onBad(site)),
      }),
    },
  };
}

function timestampFunction(
  name: string,
  returns: 'timestamp' | 'timestamp_ntz',
  onBad: (site: BindSite) => OnBadText,
  example: readonly [string, string],
): FunctionDefinition {
  const text = {
    summary: `The time of a text (by a pattern, or as a cast reads it)${name.startsWith('try') ? '; null for other texts' : ''}.`,
    usage: `${name}(expr[, fmt])`,
    examples: [example],
  };
  const definition = define(name, ['any', 'string?'], returns, text, () => null, { nullable: true });
  return {
    ...definition,
    resolve(args, site) {
      const signature = definition.resolve(args, site);
      const kind = args[0]?.type.kind ?? 'void';
      const isTime = kind === 'date' || kind === returns;
      const isNumber = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal'].includes(kind);
      const wanted = isTime ? kind : isNumber || kind.startsWith('timestamp') ? returns : 'string';
      return { ...signature, args: [{ kind: wanted } as never, ...signature.args.slice(1)] };
    },
    body: {
      kind: 'scalar',
      bind: (site) => ({ evaluate: toTimestamp(name, site, onBad(site), returns === 'timestamp_ntz') }),
    },
  };
}

/** Seconds since the epoch of a text by a pattern, a date or a time. */
function unixFunction(
  name: string,
  isAnsi: (site: BindSite) => boolean,
  example: readonly [string, string],
): FunctionDefinition {
  const text = {
    summary: 'Seconds since 1970-01-01 UTC of a text by a pattern, a date or a time; now without an argument.',
    usage: `${name}([expr[, fmt]])`,
    examples: [example],
  };
  const definition = define(name, ['any?', 'string?'], 'bigint', text, () => null, { nullable: true });
  return {
    ...definition,
    resolve(args, site) {
      const signature = definition.resolve(args, site);
      const kind = args[0]?.type.kind;
      const first = kind === 'date' || kind === 'timestamp' || kind === 'timestamp_ntz' ? kind : 'string';
      const [given] = args;
      if (given !== undefined && first === 'string' && kind !== 'string' && kind !== 'void')
        unexpected(name, 0, given, 'STRING, DATE or TIMESTAMP');
      return { ...signature, args: args.length === 0 ? [] : [{ kind: first }, ...signature.args.slice(1)] };
    },
    body: {
      kind: 'scalar',
      bind(site) {
        if (site.args.length === 0) return { evaluate: () => Math.floor(site.context.batchTimestampUs / 1e6) };
        const read = toTimestamp(name, site, isAnsi(site) ? 'fail' : 'null', false);
        return {
          evaluate(value: InternalValue, pattern?: string) {
            const micros = read(value, pattern ?? (typeof value === 'string' ? 'yyyy-MM-dd HH:mm:ss' : undefined));
            return micros === null ? null : floorDivide(micros, 1_000_000);
          },
        };
      },
    },
  };
}

const byMode = ({ ansi }: BindSite): OnBadText => (ansi ? 'fail' : 'null');

/** Between texts and times. */
export const parseFormatFunctions: readonly FunctionDefinition[] = [
  timestampFunction('to_timestamp', 'timestamp', byMode, [
    "to_timestamp('2016-12-31 00:12:00')",
    '2016-12-31 00:12:00',
  ]),
  timestampFunction('try_to_timestamp', 'timestamp', () => 'null', ["try_to_timestamp('foo')", 'NULL']),
  timestampFunction('to_timestamp_ltz', 'timestamp', byMode, [
    "to_timestamp_ltz('2016-12-31 00:12:00')",
    '2016-12-31 00:12:00',
  ]),
  timestampFunction('to_timestamp_ntz', 'timestamp_ntz', byMode, [
    "to_timestamp_ntz('2016-12-31 00:12:00')",
    '2016-12-31 00:12:00',
  ]),
  dateFunction('to_date', byMode, ["to_date('2009-07-30 04:17:52')", '2009-07-30']),
  dateFunction('try_to_date', () => 'null', ["try_to_date('foo')", 'NULL']),
  unixFunction('unix_timestamp', ({ ansi }) => ansi, ["unix_timestamp('2016-04-08', 'yyyy-MM-dd')", '1460073600']),
  unixFunction('to_unix_timestamp', ({ ansi }) => ansi, [
    "to_unix_timestamp('2016-04-08', 'yyyy-MM-dd')",
    '1460073600',
  ]),
  define(
    'date_format',
    ['timestamp', 'string'],
    'string',
    {
      summary: 'A time as text by a pattern.',
      usage: 'date_format(timestamp, fmt)',
      examples: [["date_format('2016-04-08', 'y')", '2016']],
    },
    {
      bind(site) {
        const zone = sessionZone(site);
        const pattern = patternAt('date_format', site, 1);
        return (micros: Long, given: string) => formatTimestamp(pattern(given), micros, zone);
      },
    },
  ),
  define(
    'from_unixtime',
    ['bigint', 'string?'],
    'string',
    {
      summary: 'Seconds since 1970-01-01 UTC as text by a pattern.',
      usage: 'from_unixtime(seconds[, fmt])',
      examples: [['from_unixtime(0)', '1970-01-01 00:00:00']],
    },
    {
      bind(site) {
        const zone = sessionZone(site);
        const pattern = patternAt('from_unixtime', site, 1);
        return (seconds: Long, given = 'yyyy-MM-dd HH:mm:ss') =>
          formatTimestamp(pattern(given), wrapLong(multiplyLong(seconds, 1_000_000)), zone);
      },
    },
  ),
];
