import { raise } from '../../../kernel/errors.ts';
import { checkedDaysOfDate } from '../../types/calendar.ts';
import type { InternalValue, Long } from '../../types/data-type.ts';
import { addLong, isInLongRange } from '../../types/long.ts';
import { NANOS_PER_MICRO } from '../../types/time.ts';
import { microsOfDays, timestampOfLocal } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { decimalType } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { takes } from '../signatures.ts';
import { sessionZone, zoneOf } from './parse-format.ts';

const define = scalarsOf('datetime');
const secondsType = decimalType(16, 6);

/** Parts of a date that do not exist are an error with ANSI, null without. */
function failedDate(fails: boolean, what: string): null {
  return fails ? raise('DATETIME_FIELD_OUT_OF_BOUNDS', { what }) : null;
}

/** Local microseconds of the parts; 60 seconds are the next minute. */
function localOf(
  fails: boolean,
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  seconds: Long,
): Long | null {
  const micros = Number(seconds);
  if (micros > 60_000_000 && micros < 61_000_000)
    return fails ? raise('INVALID_FRACTION_OF_SECOND', { secAndMicros: micros / 1e6 }) : null;
  const days = checkedDaysOfDate(year, month, day);
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && micros >= 0 && micros <= 60_000_000;
  if (days === undefined || !isTime)
    return failedDate(fails, `${year}-${month}-${day} ${hour}:${minute}:${micros / 1e6}`);
  const local = addLong(microsOfDays(days), (hour * 60 + minute) * 60_000_000 + micros);
  return isInLongRange(local) ? local : raise('DATETIME_OVERFLOW', { operation: 'making a time of its parts' });
}

interface Made {
  readonly name: string;
  readonly returns: 'timestamp' | 'timestamp_ntz';
  readonly isTry?: boolean;
  /** Whether a date alone is taken too. */
  readonly takesDate?: boolean;
}

function makeTimestamp({ name, returns, isTry = false, takesDate = false }: Made): FunctionDefinition {
  const hasZone = returns === 'timestamp';
  const zoneParameter = hasZone ? (['string?'] as const) : ([] as const);
  const ofParts = takes(name, ['int', 'int', 'int', 'int', 'int', 'any', ...zoneParameter], returns, {
    nullable: true,
  });
  const dateAndTime = ['day', 'timeOfDay', ...zoneParameter] as const;
  return {
    ...define(
      name,
      [],
      returns,
      {
        summary: `The time of year, month, day, hour, minute, seconds${hasZone ? ' and a zone' : ''}${isTry ? '; null for parts that do not exist' : ''}.`,
        usage: `${name}(year, month, day, hour, min, sec${hasZone ? '[, timezone]' : ''})${takesDate ? ` or ${name}(date)` : ''} or ${name}(date, time${hasZone ? '[, timezone]' : ''})`,
        examples: [
          [`${name}(2014, 12, 28, 6, 30, 45.887)`, '2014-12-28 06:30:45.887'],
          [`${name}(DATE '2014-12-28', TIME '6:30:45.887')`, '2014-12-28 06:30:45.887'],
        ],
      },
      () => null,
    ),
    resolve(args, site) {
      if (takesDate && args.length === 1) return takes(name, ['date'], returns)(args, site);
      if (args.length === 2 || (hasZone && args.length === 3)) return takes(name, dateAndTime, returns)(args, site);
      const signature = ofParts(args, site);
      return { ...signature, args: signature.args.with(5, secondsType) };
    },
    body: {
      kind: 'scalar',
      bind(site: BindSite) {
        const session = hasZone ? sessionZone(site) : (timeZone('UTC') as TimeZone);
        if (site.args.length === 1)
          return { evaluate: (days: number) => timestampOfLocal(microsOfDays(days), session) };
        if (site.args[1]?.type.kind === 'time') {
          return {
            evaluate: (days: number, nanos: number, id?: string) =>
              timestampOfLocal(
                addLong(microsOfDays(days), Math.floor(nanos / NANOS_PER_MICRO)),
                id === undefined ? session : zoneOf(id),
              ),
          };
        }
        const fails = site.ansi && !isTry;
        return {
          evaluate(
            year: number,
            month: number,
            day: number,
            hour: number,
            minute: number,
            seconds: Long,
            id?: string,
          ): InternalValue {
            const zone = id === undefined ? session : zoneOf(id);
            const local = localOf(fails, year, month, day, hour, minute, seconds);
            return local === null ? null : timestampOfLocal(local, zone);
          },
        };
      },
    },
  };
}

/** Dates and times of numbers. */
export const makeTimestampFunctions: readonly FunctionDefinition[] = [
  define(
    'make_date',
    ['int', 'int', 'int'],
    'date',
    {
      summary: 'The date of year, month and day.',
      usage: 'make_date(year, month, day)',
      examples: [['make_date(2013, 7, 15)', '2013-07-15']],
    },
    {
      bind: (site) => (year: number, month: number, day: number) =>
        checkedDaysOfDate(year, month, day) ?? failedDate(site.ansi, `${year}-${month}-${day}`),
    },
    { nullable: true },
  ),
  makeTimestamp({ name: 'make_timestamp', returns: 'timestamp', takesDate: true }),
  makeTimestamp({ name: 'try_make_timestamp', returns: 'timestamp', isTry: true, takesDate: true }),
  makeTimestamp({ name: 'make_timestamp_ltz', returns: 'timestamp' }),
  makeTimestamp({ name: 'try_make_timestamp_ltz', returns: 'timestamp', isTry: true }),
  makeTimestamp({ name: 'make_timestamp_ntz', returns: 'timestamp_ntz' }),
  makeTimestamp({ name: 'try_make_timestamp_ntz', returns: 'timestamp_ntz', isTry: true }),
];
