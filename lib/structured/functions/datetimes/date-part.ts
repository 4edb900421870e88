import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { CalendarInterval, DataType, InternalValue, Long } from '../../types/data-type.ts';
import { unitsOf } from '../../types/interval-type.ts';
import { toLong } from '../../types/long.ts';
import { daysOfMicros, floorModulo, localOfTimestamp } from '../../types/timestamp.ts';
import { atomic, decimalType } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';
import { dateField, type DateField, timeField, type TimeField } from './fields.ts';
import { sessionZone } from './parse-format.ts';

/** Local microseconds of a time: a timestamp_ntz is local already. */
export function localOf(site: BindSite, index = 0): (micros: Long) => Long {
  if (site.args[index]?.type.kind === 'timestamp_ntz') return (micros) => micros;
  const zone = sessionZone(site);
  return (micros) => localOfTimestamp(micros, zone);
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
export function textOf(arg: TypedExpression | undefined): string {
  return arg?.kind === 'literal' && typeof arg.value === 'string' ? arg.value : '';
}

type Part = DateField | TimeField | 'SECONDS';

function refuse(name: string, known: string): never {
  return raise('INVALID_EXTRACT_FIELD', { field: name === '' ? 'that is no constant' : name, known });
}

function partOf(args: readonly TypedExpression[]): Part {
  const name = textOf(args[0]).toUpperCase();
  return partNames[name] ?? refuse(name, 'YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, MINUTE, SECOND');
}

const isTimePart = new Set<string>(['HOUR', 'MINUTE', 'SECONDS']);
const seconds = decimalType(8, 6);

/** What intervals are made of, from the longest, with the types of the fields. */
const intervalParts: Readonly<Record<string, DataType>> = {
  YEAR: atomic('int'),
  MONTH: atomic('tinyint'),
  DAY: atomic('int'),
  HOUR: atomic('tinyint'),
  MINUTE: atomic('tinyint'),
  SECONDS: seconds,
};

/** The type of a field of an interval; one that the interval's units do not have is refused. */
function intervalPartType(part: Part, interval: DataType): DataType {
  const names = Object.keys(intervalParts);
  const [from, until] = interval.kind === 'interval' ? ['YEAR', 'SECOND'] : unitsOf(interval);
  const place = names.indexOf(part);
  const last = names.indexOf(until === 'SECOND' ? 'SECONDS' : until);
  const first = names.indexOf(from === 'SECOND' ? 'SECONDS' : from);
  const type = intervalParts[part];
  if (type === undefined || place < first || place > last)
    return refuse(part === 'SECONDS' ? 'SECOND' : part, names.slice(first, last + 1).join(', '));
  return type;
}

/** `extract(field FROM source)`, `date_part('field', source)`; intervals have the fields that they are made of. */
export const datePart: FunctionDefinition = {
  name: 'date_part',
  aliases: ['extract', 'datepart'],
  group: 'datetime',
  summary: 'A field of a date, a time or an interval; seconds have six digits behind the point.',
  usage: 'date_part(field, source) or extract(field FROM source)',
  examples: [
    ["date_part('YEAR', TIMESTAMP '2019-08-12 01:00:00.123456')", '2019'],
    ["date_part('SECONDS', TIMESTAMP '2019-10-01 00:00:01.000001')", '1.000001'],
    ["date_part('MINUTE', INTERVAL '23:55:59' HOUR TO SECOND)", '55'],
  ],
  resolve(args, site) {
    takes('date_part', ['string', 'any'], 'void')(args, site);
    const given = args[1]?.type ?? atomic('timestamp');
    if (args[0]?.type.kind === 'void')
      return { args: [atomic('string'), given], type: atomic('double'), nullable: true };
    const part = partOf(args);
    if (given.kind === 'time') raise('UNSUPPORTED_TIME_TYPE', {});
    if (given.kind.startsWith('interval'))
      return { args: [atomic('string'), given], type: intervalPartType(part, given) };
    const isLocal = given.kind === 'timestamp_ntz' || (given.kind === 'date' && !isTimePart.has(part));
    const kind = isTimePart.has(part) || given.kind === 'timestamp' ? 'timestamp' : 'date';
    return {
      args: [atomic('string'), isLocal ? given : atomic(kind)],
      type: part === 'SECONDS' ? seconds : atomic('int'),
    };
  },
  body: {
    kind: 'scalar',
    bind(site) {
      if (site.type.kind === 'double') return { evaluate: () => null };
      const part = partOf(site.args);
      const kind = site.args[1]?.type.kind;
      if (kind === 'interval year to month')
        return { evaluate: (_part: string, months: number) => monthPart(part, months) };
      if (kind === 'interval day to second')
        return { evaluate: (_part: string, micros: Long) => microsPart(part, micros) };
      if (kind === 'interval')
        return { evaluate: (_part: string, value: CalendarInterval) => calendarPart(part, value) };
      const local = localOf(site, 1);
      return {
        evaluate(_part: string, value: Long): InternalValue {
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

function monthPart(part: Part, months: number): number {
  return part === 'YEAR' ? Math.trunc(months / 12) : months % 12;
}

function microsPart(part: Part, micros: Long): Long {
  const value = BigInt(micros);
  if (part === 'DAY') return Number(value / 86_400_000_000n);
  if (part === 'HOUR') return Number((value / 3_600_000_000n) % 24n);
  if (part === 'MINUTE') return Number((value / 60_000_000n) % 60n);
  return toLong(value % 60_000_000n);
}

function calendarPart(part: Part, { months, days, micros }: CalendarInterval): Long {
  if (part === 'YEAR' || part === 'MONTH') return monthPart(part, months);
  if (part === 'DAY') return days;
  // Hours are not counted up to days.
  return part === 'HOUR' ? Number(BigInt(micros) / 3_600_000_000n) : microsPart(part, micros);
}
