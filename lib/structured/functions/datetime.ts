import { raise } from '../../kernel/errors.ts';
import { addMonths, dateOfDays } from '../types/calendar.ts';
import type { DataType, Long } from '../types/data-type.ts';
import { MICROS_PER_DAY } from '../types/interval.ts';
import { addLong, isInLongRange, multiplyLong, subtractLong, toLong } from '../types/long.ts';
import {
  daysOfMicros,
  floorDivide,
  floorModulo,
  localOfTimestamp,
  microsOfDays,
  timestampOfLocal,
} from '../types/timestamp.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import { atomic, isIntegral, isNumeric } from '../types/type-classes.ts';
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
import { currentTime } from './datetimes/current-time.ts';
import { datePart, localOf, textOf } from './datetimes/date-part.ts';
import { parseFormatFunctions, sessionZone, zoneOf } from './datetimes/parse-format.ts';
import { scalarsOf } from './scalar.ts';
import { takes, unexpected } from './signatures.ts';

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

/** A timestamp, or a local one as it is. */
function timeArgument(
  name: string,
  rest: Parameters<typeof takes>[1],
  returns: Parameters<typeof takes>[2],
): FunctionDefinition['resolve'] {
  return (args, site) => {
    if (args[0]?.type.kind === 'time') raise('UNSUPPORTED_TIME_TYPE', {});
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
  return addUnits[text] ?? noUnit(name, text);
}

function noUnit(name: string, text: string): never {
  return raise('INVALID_PARAMETER_VALUE.OTHER', {
    function: name,
    value: text,
    expected: `one of ${Object.keys(addUnits).join(', ')}`,
  });
}

/** The local clock moves by days and months, the real one by what is shorter. */
function addUnit(micros: Long, count: Long, unit: ReturnType<typeof unitOf>, zone: TimeZone): Long {
  const n = Number(count);
  if (unit.micros !== 0) return checkedMicros(addLong(micros, multiplyLong(unit.micros, count)));
  const local = localOfTimestamp(micros, zone);
  const moved = addMonthsLocal(local, unit.months * n);
  return checkedMicros(timestampOfLocal(addLong(moved, multiplyLong(unit.days * n, MICROS_PER_DAY)), zone));
}

/** Whole units from the first local time to the second. */
function unitsBetween(a: Long, b: Long, unit: ReturnType<typeof unitOf>): Long {
  if (unit.months !== 0) return Math.trunc(wholeMonths(a, b) / unit.months);
  const size = unit.days === 0 ? unit.micros : unit.days * MICROS_PER_DAY;
  return toLong(BigInt(subtractLong(b, a)) / BigInt(size));
}

/** Months that have passed to the microsecond. */
function wholeMonths(a: Long, b: Long): number {
  const [first, last] = [daysOfMicros(a), daysOfMicros(b)];
  const [timeA, timeB] = [floorModulo(a, MICROS_PER_DAY), floorModulo(b, MICROS_PER_DAY)];
  const end = last > first && timeB < timeA ? last - 1 : last < first && timeB > timeA ? last + 1 : last;
  const [from, until] = [dateOfDays(first), dateOfDays(end)];
  const months = (until.year - from.year) * 12 + until.month - from.month;
  return Math.trunc((months * 32 + until.day - from.day) / 32);
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
    ['date', 'smallNumber'],
    'date',
    {
      summary: `The date some days ${sign > 0 ? 'later' : 'earlier'}.`,
      usage: `${name}(date, days)`,
      examples: [example],
      aliases,
    },
    // Beyond 32 bits it wraps around, as in Spark.
    (days: number, count: number) => (days + sign * count) | 0,
  );
}

/** A text as second argument is read as a number of days. */
function withTextDays(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      const isText = args[1]?.type.kind === 'string' || args[1]?.type.kind === 'void';
      return isText ? takes(definition.name, ['date', 'int'], 'date')(args, site) : definition.resolve(args, site);
    },
  };
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

function timeOverflow(): never {
  return raise('DATETIME_OVERFLOW', { operation: 'making a time of a number' });
}

function checkedMicros(micros: Long): Long {
  return isInLongRange(micros) ? micros : timeOverflow();
}

/** A time of seconds, milliseconds or microseconds; fractions of seconds are kept. */
function ofUnits(name: string, size: number): FunctionDefinition {
  const definition = define(
    name,
    [size === 1_000_000 ? 'numeric' : 'integral'],
    'timestamp',
    {
      summary: `The time of ${name.slice('timestamp_'.length)} since 1970-01-01 UTC.`,
      usage: `${name}(number)`,
      examples: [[`${name}(0)`, '1970-01-01 00:00:00']],
    },
    () => null,
  );
  return {
    ...definition,
    resolve(args, site) {
      const [given] = args;
      // Only seconds may have a fraction.
      if (given !== undefined && size !== 1_000_000 && isNumeric(given.type) && !isIntegral(given.type))
        unexpected(name, 0, given, 'INTEGRAL');
      return definition.resolve(args, site);
    },
    body: {
      kind: 'scalar',
      bind({ args }) {
        const type: DataType = args[0]?.type ?? atomic('bigint');
        if (type.kind === 'decimal') {
          const divisor = 10n ** BigInt(type.scale);
          return {
            evaluate(value: Long) {
              const micros = BigInt(value) * BigInt(size);
              return micros % divisor === 0n ? checkedMicros(toLong(micros / divisor)) : timeOverflow();
            },
          };
        }
        if (type.kind === 'float' || type.kind === 'double') {
          return { evaluate: (value: number) => (Number.isFinite(value) ? Math.trunc(value * size) : null) };
        }
        return { evaluate: (value: Long) => checkedMicros(multiplyLong(value, size)) };
      },
    },
  };
}

function sinceEpoch(name: string, size: number): FunctionDefinition {
  return define(
    name,
    ['instant'],
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
  currentTime,
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
  withTextDays(dateMath('date_add', 1, ["date_add('2016-07-30', 1)", '2016-07-31'], ['dateadd'])),
  withTextDays(dateMath('date_sub', -1, ["date_sub('2016-07-30', 1)", '2016-07-29'])),
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
    (days: number, months: number) => {
      const moved = addMonths(days, months);
      return Math.abs(moved) <= 2 ** 31 - 1
        ? moved
        : raise('ARITHMETIC_OVERFLOW', { what: 'overflow in add_months', mend: 'Add fewer months' });
    },
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
        // The time of day is what has passed since midnight, also on days with an hour more or less.
        const sinceMidnight = (micros: Long): Long => {
          const midnight = microsOfDays(daysOfMicros(localOfTimestamp(micros, zone)));
          return addLong(midnight, subtractLong(micros, timestampOfLocal(midnight, zone)));
        };
        return (a: Long, b: Long, rounds = true) => monthsBetween(sinceMidnight(a), sinceMidnight(b), rounds);
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
    ['day'],
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
    resolve(args, site) {
      const kind = args[2]?.type.kind === 'timestamp_ntz' ? 'timestamp_ntz' : 'timestamp';
      return takes('timestampadd', ['string', 'bigint', kind], kind)(args, site);
    },
    body: {
      kind: 'scalar',
      bind(site) {
        const zone = site.type.kind === 'timestamp_ntz' ? zoneOf('UTC') : sessionZone(site);
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
        summary: 'Whole units from the first time to the second, by the clock of the zone.',
        usage: 'timestampdiff(unit, start, end)',
        examples: [["timestampdiff(MONTH, TIMESTAMP'2021-02-28 12:00:00', TIMESTAMP'2021-03-28 11:59:59')", '0']],
      },
      () => null,
    ),
    resolve(args, site) {
      if (textOf(args[0]).toUpperCase() === 'DAYOFYEAR') noUnit('timestampdiff', 'DAYOFYEAR');
      const isLocal = args.slice(1).every(({ type }) => type.kind === 'timestamp_ntz');
      const kind = isLocal ? 'timestamp_ntz' : 'timestamp';
      return takes('timestampdiff', ['string', kind, kind], 'bigint')(args, site);
    },
    body: {
      kind: 'scalar',
      bind(site) {
        const local = localOf(site, 1);
        const unit = unitOf('timestampdiff', site);
        return { evaluate: (_unit: string, start: Long, end: Long) => unitsBetween(local(start), local(end), unit) };
      },
    },
  },
];
