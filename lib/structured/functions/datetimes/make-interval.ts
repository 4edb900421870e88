import { raise } from '../../../kernel/errors.ts';
import type { CalendarInterval, Long } from '../../types/data-type.ts';
import { isInLongRange, toLong } from '../../types/long.ts';
import { decimalType } from '../../types/type-classes.ts';
import type { CallSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { takes } from '../signatures.ts';

const define = scalarsOf('datetime');
/** Seconds with microseconds, as Spark casts them: the unscaled value is microseconds. */
const seconds = decimalType(18, 6);

type Whole = Parameters<typeof takes>[1];

/** Whole numbers, and seconds in the last place, each 0 when it is left out. */
function parts(name: string, whole: Whole, returns: Parameters<typeof takes>[2], nullable: boolean) {
  const resolve = takes(name, [...whole, 'numeric?'], returns, nullable ? { nullable } : {});
  return ((args, site) => {
    const signature = resolve(args, site);
    return { ...signature, args: signature.args.map((type, i) => (i === whole.length ? seconds : type)) };
  }) as FunctionDefinition['resolve'];
}

function isInt(value: bigint): boolean {
  return value >= -2147483648n && value <= 2147483647n;
}

function overflow(fails: boolean): null {
  return fails
    ? raise('ARITHMETIC_OVERFLOW', {
        what: 'overflow in an interval',
        mend: 'Use try_make_interval to get null instead',
      })
    : null;
}

function microsOf(days: number, hours: number, minutes: number, micros: Long): bigint {
  return (
    BigInt(days) * 86_400_000_000n + BigInt(hours) * 3_600_000_000n + BigInt(minutes) * 60_000_000n + BigInt(micros)
  );
}

function makeInterval(
  name: 'make_interval' | 'try_make_interval',
  fails: (site: CallSite) => boolean,
  examples: FunctionDefinition['examples'],
): FunctionDefinition {
  const years = name === 'make_interval' ? 'int?' : 'int';
  const whole = [years, 'int?', 'int?', 'int?', 'int?', 'int?'] as const;
  return {
    ...define(
      name,
      whole,
      'interval',
      {
        summary: `An interval of years, months, weeks, days, hours, minutes and seconds${name.startsWith('try') ? '; null when it is too long' : ''}.`,
        usage: `${name}([years[, months[, weeks[, days[, hours[, mins[, secs]]]]]]])`,
        examples,
      },
      () => null,
    ),
    resolve: parts(name, whole, 'interval', true),
    body: {
      kind: 'scalar',
      bind(site) {
        const isError = fails(site);
        return {
          evaluate(years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, micros: Long = 0) {
            const allMonths = BigInt(years) * 12n + BigInt(months);
            const allDays = BigInt(weeks) * 7n + BigInt(days);
            const allMicros = toLong(microsOf(0, hours, minutes, micros));
            if (!isInt(allMonths) || !isInt(allDays) || !isInLongRange(allMicros)) return overflow(isError);
            return {
              months: Number(allMonths),
              days: Number(allDays),
              micros: allMicros,
            } satisfies CalendarInterval;
          },
        };
      },
    },
  };
}

const dayTimeParts = ['int?', 'int?', 'int?'] as const;

/** Intervals of numbers. */
export const makeIntervalFunctions: readonly FunctionDefinition[] = [
  makeInterval('make_interval', ({ ansi }) => ansi, [
    [
      'make_interval(100, 11, 1, 1, 12, 30, 01.001001)',
      '100 years 11 months 8 days 12 hours 30 minutes 1.001001 seconds',
    ],
  ]),
  makeInterval('try_make_interval', () => false, [['try_make_interval(2147483647)', 'NULL']]),
  {
    ...define(
      'make_dt_interval',
      dayTimeParts,
      'interval day to second',
      {
        summary: 'An interval of days, hours, minutes and seconds.',
        usage: 'make_dt_interval([days[, hours[, mins[, secs]]]])',
        examples: [['make_dt_interval(1, 12, 30, 1.001001)', "INTERVAL '1 12:30:01.001001' DAY TO SECOND"]],
      },
      () => null,
    ),
    resolve: parts('make_dt_interval', dayTimeParts, 'interval day to second', false),
    body: {
      kind: 'scalar',
      bind: () => ({
        evaluate(days = 0, hours = 0, minutes = 0, micros: Long = 0) {
          const all = toLong(microsOf(days, hours, minutes, micros));
          return isInLongRange(all) ? all : raise('INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION', {});
        },
      }),
    },
  },
  define(
    'make_ym_interval',
    ['int?', 'int?'],
    'interval year to month',
    {
      summary: 'An interval of years and months.',
      usage: 'make_ym_interval([years[, months]])',
      examples: [['make_ym_interval(1, 2)', "INTERVAL '1-2' YEAR TO MONTH"]],
    },
    (years = 0, months = 0) => {
      const all = BigInt(years) * 12n + BigInt(months);
      return isInt(all) ? Number(all) : raise('INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION', {});
    },
  ),
];
