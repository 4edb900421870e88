import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { addMonths } from '../../types/calendar.ts';
import type { CalendarInterval, DataType, Long } from '../../types/data-type.ts';
import { powerOfTen } from '../../types/decimal.ts';
import { MICROS_PER_DAY } from '../../types/interval.ts';
import { addLong, divideRounded, isInLongRange, multiplyLong, subtractLong, toLong } from '../../types/long.ts';
import { dayInterval, dayTimeInterval, isInterval, widerInterval } from '../../types/interval-type.ts';
import type { TimeZone } from '../../types/time-zone.ts';
import { floorDivide, microsOfDays } from '../../types/timestamp.ts';
import { timeZone } from '../../types/time-zone.ts';
import { atomic, isIntegral, isNumeric } from '../../types/type-classes.ts';
import { addCalendar, addDayTime, addMonthsToTimestamp, betweenTimestamps, checkedDays } from '../arithmetic/times.ts';
import type { NumberOperator } from '../arithmetic/numbers.ts';
import type { ResolvedSignature, ScalarFunction } from '../define-function.ts';

interface TimeArithmetic {
  readonly signature: ResolvedSignature;
  readonly bind: (site: { readonly zone: TimeZone }) => ScalarFunction;
}

const utc = timeZone('UTC') as TimeZone;

/** The arithmetic of dates, times and intervals; `undefined` when neither operand is one. */
export function timeArithmetic(
  operator: NumberOperator,
  left: TypedExpression,
  right: TypedExpression,
): TimeArithmetic | undefined {
  refuseTime(left.type, right.type);
  if (operator === '+') return added(left, right, 1) ?? swapped(added(right, left, 1));
  if (operator === '-') return subtracted(left, right);
  if (operator === '*') return scaled(left.type, right.type) ?? swapped(scaled(right.type, left.type));
  if (operator === 'div') return quotient(left.type, right.type);
  return operator === '/' ? divided(left.type, right.type) : undefined;
}

/** TIME and a duration, or two of TIME: Spark has them behind a setting that is off. */
function refuseTime(...types: readonly DataType[]): void {
  const isOfTime = types.every(({ kind }) => kind === 'time' || kind === 'interval day to second');
  if (isOfTime && types.some(({ kind }) => kind === 'time')) raise('UNSUPPORTED_TIME_TYPE', {});
}

function swapped(found: TimeArithmetic | undefined): TimeArithmetic | undefined {
  if (found === undefined) return undefined;
  const { signature, bind } = found;
  return {
    signature: { ...signature, args: signature.args.toReversed() },
    bind(site) {
      const { evaluate } = bind(site);
      return { evaluate: (a: unknown, b: unknown) => evaluate(b, a) };
    },
  };
}

type Evaluate = (a: never, b: never) => ReturnType<ScalarFunction['evaluate']>;

function of(args: readonly DataType[], type: DataType, make: (zone: TimeZone) => Evaluate): TimeArithmetic {
  return { signature: { args, type }, bind: ({ zone }) => ({ evaluate: make(zone) as ScalarFunction['evaluate'] }) };
}

/** A time and an interval, `sign` -1 for minus. */
function added(time: TypedExpression, amount: TypedExpression, sign: 1 | -1): TimeArithmetic | undefined {
  const from = time.type;
  const by = amount.type;
  const signed = (value: Long): Long => (sign === 1 ? value : multiplyLong(value, -1));
  if (from.kind === 'timestamp' || from.kind === 'timestamp_ntz') {
    const zoned = (zone: TimeZone): TimeZone => (from.kind === 'timestamp' ? zone : utc);
    switch (by.kind) {
      case 'interval day to second':
        return of([from, by], from, (zone) => (a: Long, b: Long) => addDayTime(a, signed(b), zoned(zone)));
      case 'interval year to month':
        return of([from, by], from, (zone) => (a: Long, b: number) => addMonthsToTimestamp(a, sign * b, zoned(zone)));
      case 'interval':
        return of([from, by], from, (zone) => (a: Long, b: CalendarInterval) => addCalendar(a, b, zoned(zone), sign));
      default:
        return undefined;
    }
  }
  if (from.kind === 'date') return addedToDate(amount, sign, signed);
  if (from.kind === by.kind && isInterval(from)) {
    return of([from, by], widerInterval(from, by), () => (a: Long, b: Long) => checked(from, addLong(a, signed(b))));
  }
  return from.kind === 'interval' && by.kind === 'interval'
    ? of([from, from], from, () => (a: CalendarInterval, b: CalendarInterval) => addCalendars(a, b, sign))
    : undefined;
}

function addedToDate(amount: TypedExpression, sign: 1 | -1, signed: (value: Long) => Long): TimeArithmetic | undefined {
  const date = atomic('date');
  const timestamp = atomic('timestamp');
  const by = amount.type;
  switch (by.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
      return of([date, atomic('int')], date, () => (a: number, b: number) => checkedDays(a + sign * b));
    case 'interval year to month':
      return of([date, by], date, () => (a: number, b: number) => checkedDays(addMonths(a, sign * b)));
    case 'interval day to second':
      return 'range' in by && by.range === 'day'
        ? of([date, by], date, () => (a: number, b: Long) => checkedDays(a + sign * floorDivide(b, MICROS_PER_DAY)))
        : of([timestamp, by], timestamp, (zone) => (a: Long, b: Long) => addDayTime(a, signed(b), zone));
    case 'interval':
      return of([date, by], date, () => (a: number, b: CalendarInterval) => {
        if (b.micros !== 0) raise('INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION', {});
        return checkedDays(addMonths(a, sign * b.months) + sign * b.days);
      });
    default:
      return undefined;
  }
}

const times = new Set(['date', 'timestamp', 'timestamp_ntz']);

function subtracted(left: TypedExpression, right: TypedExpression): TimeArithmetic | undefined {
  const a = left.type;
  const b = right.type;
  if (times.has(a.kind) && times.has(b.kind)) {
    if (a.kind === 'date' && b.kind === 'date') {
      return of([a, b], dayInterval, () => (x: number, y: number) => microsOfDays(x - y));
    }
    const isLocal = a.kind !== 'timestamp' && b.kind !== 'timestamp';
    const type = atomic(isLocal ? 'timestamp_ntz' : 'timestamp');
    return of(
      [type, type],
      dayTimeInterval,
      (zone) => (x: Long, y: Long) => betweenTimestamps(x, y, isLocal ? utc : zone),
    );
  }
  return added(left, right, -1);
}

/** What is scaled may have any unit. */
function whole({ kind }: DataType): DataType {
  return { kind } as DataType;
}

function scaled(interval: DataType, factor: DataType): TimeArithmetic | undefined {
  if (interval.kind === 'interval' && isNumeric(factor))
    return of([interval, atomic('double')], interval, () => (a: CalendarInterval, b: number) => scaledCalendar(a, b));
  if (!isInterval(interval) || !(isNumeric(factor) || factor.kind === 'string')) return undefined;
  if (isIntegral(factor)) {
    return of([interval, factor], whole(interval), () => (a: Long, b: Long) => checked(interval, multiplyLong(a, b)));
  }
  if (factor.kind === 'decimal') {
    return of(
      [interval, factor],
      whole(interval),
      () => (a: Long, b: Long) =>
        checked(interval, toLong(divideRounded(BigInt(a) * BigInt(b), powerOfTen(factor.scale)))),
    );
  }
  return of(
    [interval, atomic('double')],
    whole(interval),
    () => (a: Long, b: number) => checked(interval, rounded(Number(a) * b)),
  );
}

function nonZero(value: Long): Long {
  return value === 0 ? raise('INTERVAL_DIVIDED_BY_ZERO', {}) : value;
}

function divided(interval: DataType, divisor: DataType): TimeArithmetic | undefined {
  if (interval.kind === 'interval' && isNumeric(divisor))
    return of(
      [interval, atomic('double')],
      interval,
      () => (a: CalendarInterval, b: number) => scaledCalendar(a, 1 / Number(nonZero(b))),
    );
  if (!isInterval(interval) || !(isNumeric(divisor) || divisor.kind === 'string')) return undefined;
  if (isIntegral(divisor)) {
    return of(
      [interval, divisor],
      whole(interval),
      () => (a: Long, b: Long) => checked(interval, toLong(divideRounded(BigInt(a), BigInt(nonZero(b))))),
    );
  }
  if (divisor.kind === 'decimal') {
    const { scale } = divisor;
    return of(
      [interval, divisor],
      whole(interval),
      () => (a: Long, b: Long) =>
        checked(interval, toLong(divideRounded(BigInt(a) * powerOfTen(scale), BigInt(nonZero(b))))),
    );
  }
  return of(
    [interval, atomic('double')],
    whole(interval),
    () => (a: Long, b: number) => checked(interval, rounded(Number(a) / Number(nonZero(b)))),
  );
}

/** How often an interval is within another of its kind. */
function quotient(interval: DataType, divisor: DataType): TimeArithmetic | undefined {
  if (!isInterval(interval) || interval.kind !== divisor.kind) return undefined;
  return of([interval, divisor], atomic('bigint'), () => (a: Long, b: Long) => {
    if (b === 0) raise('DIVIDE_BY_ZERO', {});
    return toLong(BigInt(a) / BigInt(b));
  });
}

/** Half away from zero. */
function rounded(value: number): Long {
  if (!Number.isFinite(value)) return checkedInterval(2n ** 63n);
  return toLong(BigInt(value < 0 ? -Math.round(-value) : Math.round(value)));
}

function checked(type: DataType, value: Long): Long {
  if (type.kind === 'interval year to month') {
    return value >= -2147483648 && value <= 2147483647 ? value : checkedInterval(2n ** 63n);
  }
  return checkedInterval(value);
}

function checkedInterval(value: Long): Long {
  return isInLongRange(value) ? value : raise('INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION', {});
}

/** Parts of a month are lost, those of a day become microseconds. */
function scaledCalendar({ months, days, micros }: CalendarInterval, factor: number): CalendarInterval {
  const wholeDays = Math.trunc(days * factor);
  const rest = (days * factor - wholeDays) * MICROS_PER_DAY;
  return {
    months: Math.trunc(months * factor),
    days: wholeDays,
    micros: checkedInterval(rounded(Number(micros) * factor + rest)),
  };
}

function addCalendars(a: CalendarInterval, b: CalendarInterval, sign: 1 | -1): CalendarInterval {
  const micros = sign === 1 ? addLong(a.micros, b.micros) : subtractLong(a.micros, b.micros);
  return { months: a.months + sign * b.months, days: a.days + sign * b.days, micros: checkedInterval(micros) };
}
