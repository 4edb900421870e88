import { raise } from '../../kernel/errors.ts';
import { addMonths } from '../types/calendar.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { DataType, Long } from '../types/data-type.ts';
import { MICROS_PER_DAY } from '../types/interval.ts';
import { addLong, multiplyLong, subtractLong, toLong } from '../types/long.ts';
import { daysOfMicros, floorDivide, floorModulo, localOfTimestamp, timestampOfLocal } from '../types/timestamp.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import { atomic, decimalType } from '../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from './define-function.ts';
import {
  addMonthsLocal,
  dateField,
  type DateField,
  lastDayOfMonth,
  monthsBetween,
  nextWeekday,
  timeField,
  type TimeField,
  truncateDate,
  truncateLocal,
} from './datetimes/fields.ts';
import { makeIntervalFunctions } from './datetimes/make-interval.ts';
import { makeTimestampFunctions } from './datetimes/make-timestamp.ts';
import { parseFormatFunctions, sessionZone, zoneOf } from './datetimes/parse-format.ts';
import { scalarsOf } from './scalar.ts';
import { takes } from './signatures.ts';

const define = scalarsOf('datetime');

function dateFieldFunction(
  name: string,
  field: DateField,
  summary: string,
  example: readonly [string, string],
  aliases: readonly string[] = [],
  shift = 0,
): FunctionDefinition {
  return define(
    name,
    ['date'],
    'int',
    { summary, usage: `${name}(date)`, examples: [example], aliases },
    (days: number) => dateField(field, days) + shift,
  );
}

/** Local microseconds of a time: a timestamp_ntz is local already. */
function localOf(site: BindSite, index = 0): (micros: Long) => Long {
  if (site.args[index]?.type.kind === 'timestamp_ntz') return (micros) => micros;
  const zone = sessionZone(site);
  return (micros) => localOfTimestamp(micros, zone);
}

/** A timestamp, or a local one as it is. */
function timeArgument(
  name: string,
  rest: Parameters<typeof takes>[1],
  returns: Parameters<typeof takes>[2],
): FunctionDefinition['resolve'] {
  return (args, site) => {
    const signature = takes(name, ['timestamp', ...rest], returns)(args, site);
    const isLocal = args[0]?.type.kind === 'timestamp_ntz';
    return isLocal ? { ...signature, args: [atomic('timestamp_ntz'), ...signature.args.slice(1)] } : signature;
  };
}

function timeFieldFunction(name: string, field: TimeField, example: readonly [string, string]): FunctionDefinition {
  return {
    ...define(
      name,
      ['timestamp'],
      'int',
      { summary: `The ${name} of a time.`, usage: `${name}(timestamp)`, examples: [example] },
      () => null,
    ),
    resolve: timeArgument(name, [], 'int'),
    body: {
      kind: 'scalar',
      bind(site) {
        const local = localOf(site);
        return { evaluate: (micros: Long) => timeField(field, local(micros)) };
      },
    },
  };
}

const partNames: Readonly<Record<string, DateField | TimeField | 'SECONDS'>> = {
  YEAR: 'YEAR',
  Y: 'YEAR',
  YEARS: 'YEAR',
  YR: 'YEAR',
  YRS: 'YEAR',
  YEAROFWEEK: 'YEAROFWEEK',
  QUARTER: 'QUARTER',
  QTR: 'QUARTER',
  MONTH: 'MONTH',
  MON: 'MONTH',
  MONS: 'MONTH',
  MONTHS: 'MONTH',
  WEEK: 'WEEK',
  W: 'WEEK',
  WEEKS: 'WEEK',
  DAY: 'DAY',
  D: 'DAY',
  DAYS: 'DAY',
  DAYOFWEEK: 'DAYOFWEEK',
  DOW: 'DAYOFWEEK',
  DAYOFWEEK_ISO: 'DAYOFWEEK_ISO',
  DOW_ISO: 'DAYOFWEEK_ISO',
  DOY: 'DOY',
  HOUR: 'HOUR',
  H: 'HOUR',
  HOURS: 'HOUR',
  HR: 'HOUR',
  HRS: 'HOUR',
  MINUTE: 'MINUTE',
  M: 'MINUTE',
  MIN: 'MINUTE',
  MINS: 'MINUTE',
  MINUTES: 'MINUTE',
  SECOND: 'SECONDS',
  S: 'SECONDS',
  SEC: 'SECONDS',
  SECONDS: 'SECONDS',
  SECS: 'SECONDS',
};

/** The text of a constant argument; empty for anything else. */
function textOf(arg: TypedExpression | undefined): string {
  return arg?.kind === 'literal' && typeof arg.value === 'string' ? arg.value : '';
}

function partOf(args: Parameters<FunctionDefinition['resolve']>[0]): DateField | TimeField | 'SECONDS' {
  const name = textOf(args[0]).toUpperCase();
  return (
    partNames[name] ??
    raise('INVALID_EXTRACT_FIELD', {
      field: name === '' ? 'that is no constant' : name,
      known: 'YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, MINUTE, SECOND',
    })
  );
}

const isTimePart = new Set<string>(['HOUR', 'MINUTE', 'SECONDS']);

/** `extract(field FROM source)`, `date_part('field', source)`; intervals have the fields that they are made of. */
const datePart: FunctionDefinition = {
  name: 'date_part',
  aliases: ['extract', 'datepart'],
  group: 'datetime',
  summary: 'A field of a date, a time or an interval; seconds have six digits behind the point.',
  usage: 'date_part(field, source) or extract(field FROM source)',
  examples: [
    ["date_part('YEAR', TIMESTAMP '2019-08-12 01:00:00.123456')", '2019'],
    ["date_part('SECONDS', TIMESTAMP '2019-10-01 00:00:01.000001')", '1.000001'],
  ],
  resolve(args, site) {
    takes('date_part', ['string', 'any'], 'void')(args, site);
    const part = partOf(args);
    const given = args[1]?.type ?? atomic('timestamp');
    const type = part === 'SECONDS' ? decimalType(8, 6) : atomic('int');
    if (given.kind === 'interval day to second' || given.kind === 'interval year to month')
      return { args: [atomic('string'), given], type };
    const isLocal = given.kind === 'timestamp_ntz' || (given.kind === 'date' && !isTimePart.has(part));
    return {
      args: [
        atomic('string'),
        isLocal ? given : atomic(isTimePart.has(part) || given.kind === 'timestamp' ? 'timestamp' : 'date'),
      ],
      type,
    };
  },
  body: {
    kind: 'scalar',
    bind(site) {
      const part = partOf(site.args);
      const kind = site.args[1]?.type.kind;
      if (kind === 'interval year to month') {
        return {
          evaluate: (_part: string, months: number) => (part === 'YEAR' ? Math.trunc(months / 12) : months % 12),
        };
      }
      if (kind === 'interval day to second')
        return { evaluate: (_part: string, micros: Long) => intervalPart(part, micros) };
      const local = localOf(site, 1);
      return {
        evaluate(_part: string, value: Long) {
          if (kind === 'date') return dateField(part as DateField, value as number);
          const at = local(value);
          if (part === 'SECONDS') return floorModulo(at, 60_000_000);
          if (part === 'HOUR' || part === 'MINUTE' || part === 'SECOND') return timeField(part, at);
          return dateField(part, daysOfMicros(at));
        },
      };
    },
  },
};

function intervalPart(part: string, micros: Long): Long {
  const value = BigInt(micros);
  if (part === 'DAY') return Number(value / BigInt(MICROS_PER_DAY));
  if (part === 'HOUR') return Number((value / 3_600_000_000n) % 24n);
  if (part === 'MINUTE') return Number((value / 60_000_000n) % 60n);
  return toLong(value % 60_000_000n);
}

/** Months, days and microseconds of a unit, for `timestampadd`. */
const addUnits: Readonly<Record<string, { readonly months: number; readonly days: number; readonly micros: number }>> =
  {
    MICROSECOND: { months: 0, days: 0, micros: 1 },
    MILLISECOND: { months: 0, days: 0, micros: 1000 },
    SECOND: { months: 0, days: 0, micros: 1_000_000 },
    MINUTE: { months: 0, days: 0, micros: 60_000_000 },
    HOUR: { months: 0, days: 0, micros: 3_600_000_000 },
    DAY: { months: 0, days: 1, micros: 0 },
    DAYOFYEAR: { months: 0, days: 1, micros: 0 },
    WEEK: { months: 0, days: 7, micros: 0 },
    MONTH: { months: 1, days: 0, micros: 0 },
    QUARTER: { months: 3, days: 0, micros: 0 },
    YEAR: { months: 12, days: 0, micros: 0 },
  };

function unitOf(
  name: string,
  { args }: Pick<BindSite, 'args'>,
): { readonly months: number; readonly days: number; readonly micros: number } {
  const text = textOf(args[0]).toUpperCase();
  return (
    addUnits[text] ??
    raise('INVALID_PARAMETER_VALUE.OTHER', {
      function: name,
      value: text,
      expected: `one of ${Object.keys(addUnits).join(', ')}`,
    })
  );
}

/** The local clock moves by days and months, the real one by what is shorter. */
function addUnit(micros: Long, count: Long, unit: ReturnType<typeof unitOf>, zone: TimeZone): Long {
  const n = Number(count);
  if (unit.micros !== 0) return addLong(micros, multiplyLong(unit.micros, count));
  const local = localOfTimestamp(micros, zone);
  const moved = addMonthsLocal(local, unit.months * n);
  return timestampOfLocal(addLong(moved, multiplyLong(unit.days * n, MICROS_PER_DAY)), zone);
}

/** Whole units from the first to the second. */
function unitsBetween(from: Long, until: Long, unit: ReturnType<typeof unitOf>, zone: TimeZone): Long {
  const [a, b] = [localOfTimestamp(from, zone), localOfTimestamp(until, zone)];
  if (unit.months === 0) {
    const size = unit.days === 0 ? unit.micros : unit.days * MICROS_PER_DAY;
    const span = unit.days === 0 ? subtractLong(until, from) : subtractLong(b, a);
    return toLong(BigInt(span) / BigInt(size));
  }
  let months = Math.trunc(monthsBetween(b, a, false));
  // The time of day counts too: a month is whole when it has passed to the microsecond.
  while (months > 0 && addMonthsLocal(a, months) > b) months--;
  while (months < 0 && addMonthsLocal(a, months) < b) months++;
  return Math.trunc(months / unit.months);
}

/** A time with its zone's day: what remains of a date and a time in another unit. */
function dateMath(
  name: string,
  sign: 1 | -1,
  example: readonly [string, string],
  aliases: readonly string[] = [],
): FunctionDefinition {
  return define(
    name,
    ['date', 'int'],
    'date',
    {
      summary: `The date some days ${sign > 0 ? 'later' : 'earlier'}.`,
      usage: `${name}(date, days)`,
      examples: [example],
      aliases,
    },
    (days: number, count: number) => days + sign * count,
  );
}

function utcShift(name: string, sign: 1 | -1, example: readonly [string, string]): FunctionDefinition {
  return define(
    name,
    ['timestamp', 'string'],
    'timestamp',
    {
      summary:
        sign > 0
          ? 'The time that a clock of the zone shows at a time of UTC.'
          : 'The time of UTC when a clock of the zone shows a time.',
      usage: `${name}(timestamp, timezone)`,
      examples: [example],
    },
    (micros: Long, id: string) => {
      const zone = timeZone(id) ?? raise('INVALID_TIMEZONE', { timeZone: id });
      return sign > 0 ? localOfTimestamp(micros, zone) : timestampOfLocal(micros, zone);
    },
  );
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time of seconds, milliseconds or microseconds; fractions of seconds are kept. */
function ofUnits(name: string, size: number): FunctionDefinition {
  return {
    ...define(
      name,
      ['numeric'],
      'timestamp',
      {
        summary: `The time of ${name.slice('timestamp_'.length)} since 1970-01-01 UTC.`,
        usage: `${name}(number)`,
        examples: [[`${name}(0)`, '1970-01-01 00:00:00']],
      },
      () => null,
    ),
    body: {
      kind: 'scalar',
      bind({ args }) {
        const type: DataType = args[0]?.type ?? atomic('bigint');
        if (type.kind === 'decimal') {
          const divisor = 10n ** BigInt(type.scale);
          return { evaluate: (value: Long) => toLong((BigInt(value) * BigInt(size)) / divisor) };
        }
        if (type.kind === 'float' || type.kind === 'double') {
          return { evaluate: (value: number) => (Number.isFinite(value) ? Math.trunc(value * size) : null) };
        }
        return { evaluate: (value: Long) => multiplyLong(value, size) };
      },
    },
  };
}

function sinceEpoch(name: string, size: number): FunctionDefinition {
  return define(
    name,
    ['timestamp'],
    'bigint',
    {
      summary: `${name.slice('unix_'.length)} since 1970-01-01 UTC, rounded down.`,
      usage: `${name}(timestamp)`,
      examples: [[`${name}(TIMESTAMP'1970-01-01 00:00:01Z')`, String(1_000_000 / size)]],
    },
    (micros: Long) => floorDivideLong(micros, size),
  );
}

function floorDivideLong(micros: Long, size: number): Long {
  return size === 1 ? micros : floorDivide(micros, size);
}

const instant: FunctionDefinition = define(
  'current_timestamp',
  [],
  'timestamp',
  {
    summary: 'The time at which the batch began: one for the whole batch.',
    usage: 'current_timestamp()',
    examples: [['current_timestamp() IS NOT NULL', 'true']],
    aliases: ['now'],
  },
  {
    bind:
      ({ context }) =>
      () =>
        context.batchTimestampUs,
  },
  { nullable: false, deterministic: false },
);

function convert(local: Long, from: TimeZone, to: TimeZone): Long {
  return localOfTimestamp(timestampOfLocal(local, from), to);
}

/** With two arguments the local time is one of the session's zone. */
const convertTimezone: FunctionDefinition = {
  ...define(
    'convert_timezone',
    [],
    'timestamp_ntz',
    {
      summary: "A local time of one zone (the session's when it is left out) as that of another.",
      usage: 'convert_timezone([sourceTz, ]targetTz, sourceTs)',
      examples: [
        [
          "convert_timezone('Europe/Brussels', 'America/Los_Angeles', TIMESTAMP_NTZ'2021-12-06 00:00:00')",
          '2021-12-05 15:00:00',
        ],
      ],
    },
    () => null,
  ),
  resolve(args, site) {
    const zones = args.length === 2 ? (['string'] as const) : (['string', 'string'] as const);
    return takes('convert_timezone', [...zones, 'timestamp_ntz'], 'timestamp_ntz')(args, site);
  },
  body: {
    kind: 'scalar',
    bind(site) {
      const session = sessionZone(site);
      return site.args.length === 2
        ? { evaluate: (to: string, local: Long) => convert(local, session, zoneOf(to)) }
        : { evaluate: (from: string, to: string, local: Long) => convert(local, zoneOf(from), zoneOf(to)) };
    },
  },
};

export const datetimeFunctions: readonly FunctionDefinition[] = [
  instant,
  define(
    'current_date',
    [],
    'date',
    {
      summary: "The date at which the batch began, in the session's time zone.",
      usage: 'current_date()',
      examples: [['current_date() IS NOT NULL', 'true']],
      aliases: ['curdate'],
    },
    {
      bind(site) {
        const zone = sessionZone(site);
        return () => daysOfMicros(localOfTimestamp(site.context.batchTimestampUs, zone));
      },
    },
    { nullable: false, deterministic: false },
  ),
  define(
    'localtimestamp',
    [],
    'timestamp_ntz',
    {
      summary: 'The local time at which the batch began.',
      usage: 'localtimestamp()',
      examples: [['localtimestamp() IS NOT NULL', 'true']],
    },
    {
      bind(site) {
        const zone = sessionZone(site);
        return () => localOfTimestamp(site.context.batchTimestampUs, zone);
      },
    },
    { nullable: false, deterministic: false },
  ),
  define(
    'current_timezone',
    [],
    'string',
    { summary: "The session's time zone.", usage: 'current_timezone()', examples: [['current_timezone()', 'UTC']] },
    {
      bind:
        ({ timeZone: id }) =>
        () =>
          id,
    },
    { nullable: false },
  ),
  dateFieldFunction('year', 'YEAR', 'The year.', ["year('2016-07-30')", '2016']),
  dateFieldFunction('quarter', 'QUARTER', 'The quarter, 1 to 4.', ["quarter('2016-08-31')", '3']),
  dateFieldFunction('month', 'MONTH', 'The month, 1 to 12.', ["month('2016-07-30')", '7']),
  dateFieldFunction('day', 'DAY', 'The day of the month.', ["day('2009-07-30')", '30'], ['dayofmonth']),
  dateFieldFunction('dayofyear', 'DOY', 'The day of the year.', ["dayofyear('2016-04-09')", '100']),
  dateFieldFunction('dayofweek', 'DAYOFWEEK', 'The day of the week: 1 is Sunday.', ["dayofweek('2009-07-30')", '5']),
  dateFieldFunction(
    'weekday',
    'DAYOFWEEK_ISO',
    'The day of the week: 0 is Monday.',
    ["weekday('2009-07-30')", '3'],
    [],
    -1,
  ),
  dateFieldFunction('weekofyear', 'WEEK', 'The ISO week.', ["weekofyear('2008-02-20')", '8']),
  timeFieldFunction('hour', 'HOUR', ["hour('2009-07-30 12:58:59')", '12']),
  timeFieldFunction('minute', 'MINUTE', ["minute('2009-07-30 12:58:59')", '58']),
  timeFieldFunction('second', 'SECOND', ["second('2009-07-30 12:58:59')", '59']),
  datePart,
  define(
    'dayname',
    ['date'],
    'string',
    {
      summary: 'The short English name of the day.',
      usage: 'dayname(date)',
      examples: [["dayname(DATE('2008-02-20'))", 'Wed']],
    },
    (days: number) => dayNames[dateField('DAYOFWEEK', days) - 1] ?? null,
  ),
  define(
    'monthname',
    ['date'],
    'string',
    {
      summary: 'The short English name of the month.',
      usage: 'monthname(date)',
      examples: [["monthname(DATE('2008-02-20'))", 'Feb']],
    },
    (days: number) => monthNames[dateField('MONTH', days) - 1] ?? null,
  ),
  dateMath('date_add', 1, ["date_add('2016-07-30', 1)", '2016-07-31'], ['dateadd']),
  dateMath('date_sub', -1, ["date_sub('2016-07-30', 1)", '2016-07-29']),
  define(
    'datediff',
    ['date', 'date'],
    'int',
    {
      summary: 'Days from the second to the first.',
      usage: 'datediff(end, start)',
      examples: [["datediff('2009-07-31', '2009-07-30')", '1']],
      aliases: ['date_diff'],
    },
    (end: number, start: number) => end - start,
  ),
  define(
    'add_months',
    ['date', 'int'],
    'date',
    {
      summary: 'The date some months later; the last day of a shorter month.',
      usage: 'add_months(date, months)',
      examples: [["add_months('2016-08-31', 1)", '2016-09-30']],
    },
    addMonths,
  ),
  define(
    'months_between',
    ['timestamp', 'timestamp', 'boolean?'],
    'double',
    {
      summary:
        'Months from the second to the first, with a fraction of 31 days; rounded to eight digits unless the third argument is false.',
      usage: 'months_between(a, b[, roundOff])',
      examples: [["months_between('1997-02-28 10:30:00', '1996-10-30')", '3.94959677']],
    },
    {
      bind(site) {
        const zone = sessionZone(site);
        return (a: Long, b: Long, rounds = true) =>
          monthsBetween(localOfTimestamp(a, zone), localOfTimestamp(b, zone), rounds);
      },
    },
  ),
  define(
    'last_day',
    ['date'],
    'date',
    {
      summary: 'The last day of the month.',
      usage: 'last_day(date)',
      examples: [["last_day('2009-01-12')", '2009-01-31']],
    },
    lastDayOfMonth,
  ),
  define(
    'next_day',
    ['date', 'string'],
    'date',
    {
      summary: 'The first such weekday behind a date.',
      usage: 'next_day(date, dayOfWeek)',
      examples: [["next_day('2015-01-14', 'TU')", '2015-01-20']],
    },
    {
      bind: (site) => (days: number, name: string) =>
        nextWeekday(days, name) ?? (site.ansi ? raise('ILLEGAL_DAY_OF_WEEK', { string: name }) : null),
    },
    { nullable: true },
  ),
  define(
    'trunc',
    ['date', 'string'],
    'date',
    {
      summary: 'The first day of the year, quarter, month or week; null for another unit.',
      usage: 'trunc(date, fmt)',
      examples: [["trunc('2019-08-04', 'week')", '2019-07-29']],
    },
    (days: number, unit: string) => truncateDate(days, unit) ?? null,
    { nullable: true },
  ),
  {
    ...define(
      'date_trunc',
      ['string', 'timestamp'],
      'timestamp',
      {
        summary: 'The start of the unit that a time is in; null for an unknown unit.',
        usage: 'date_trunc(fmt, timestamp)',
        examples: [["date_trunc('HOUR', '2015-03-05T09:32:05.359')", '2015-03-05 09:00:00']],
      },
      () => null,
      { nullable: true },
    ),
    body: {
      kind: 'scalar',
      bind(site) {
        const zone = sessionZone(site);
        return {
          evaluate(unit: string, micros: Long) {
            const start = truncateLocal(localOfTimestamp(micros, zone), unit);
            return start === undefined ? null : timestampOfLocal(start, zone);
          },
        };
      },
    },
  },
  sinceEpoch('unix_seconds', 1_000_000),
  sinceEpoch('unix_millis', 1000),
  sinceEpoch('unix_micros', 1),
  define(
    'unix_date',
    ['date'],
    'int',
    { summary: 'Days since 1970-01-01.', usage: 'unix_date(date)', examples: [["unix_date(DATE('1970-01-02'))", '1']] },
    (days: number) => days,
  ),
  define(
    'date_from_unix_date',
    ['int'],
    'date',
    {
      summary: 'The date of days since 1970-01-01.',
      usage: 'date_from_unix_date(days)',
      examples: [['date_from_unix_date(1)', '1970-01-02']],
    },
    (days: number) => days,
  ),
  ofUnits('timestamp_seconds', 1_000_000),
  ofUnits('timestamp_millis', 1000),
  ofUnits('timestamp_micros', 1),
  ...parseFormatFunctions,
  utcShift('from_utc_timestamp', 1, ["from_utc_timestamp('2016-08-31', 'Asia/Seoul')", '2016-08-31 09:00:00']),
  utcShift('to_utc_timestamp', -1, ["to_utc_timestamp('2016-08-31', 'Asia/Seoul')", '2016-08-30 15:00:00']),
  convertTimezone,
  ...makeTimestampFunctions,
  ...makeIntervalFunctions,
  {
    ...define(
      'timestampadd',
      ['string', 'bigint', 'timestamp'],
      'timestamp',
      {
        summary: 'A time some units later.',
        usage: 'timestampadd(unit, count, timestamp)',
        examples: [["timestampadd(HOUR, 8, TIMESTAMP'2022-02-14 20:30:00')", '2022-02-15 04:30:00']],
      },
      () => null,
    ),
    body: {
      kind: 'scalar',
      bind(site) {
        const zone = sessionZone(site);
        const unit = unitOf('timestampadd', site);
        return { evaluate: (_unit: string, count: Long, micros: Long) => addUnit(micros, count, unit, zone) };
      },
    },
  },
  {
    ...define(
      'timestampdiff',
      ['string', 'timestamp', 'timestamp'],
      'bigint',
      {
        summary: 'Whole units from the first time to the second.',
        usage: 'timestampdiff(unit, start, end)',
        examples: [["timestampdiff(MONTH, TIMESTAMP'2021-02-28 12:00:00', TIMESTAMP'2021-03-28 11:59:59')", '0']],
      },
      () => null,
    ),
    body: {
      kind: 'scalar',
      bind(site) {
        const zone = sessionZone(site);
        const unit = unitOf('timestampdiff', site);
        return { evaluate: (_unit: string, start: Long, end: Long) => unitsBetween(start, end, unit, zone) };
      },
    },
  },
];
