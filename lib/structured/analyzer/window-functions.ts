import { raise } from '../../kernel/errors.ts';
import type { TypedCall, TypedExpression, TypedLiteral } from '../expressions/typed-expression.ts';
import { defineFunction, type BindSite, type FunctionDefinition } from '../functions/define-function.ts';

import type { CalendarInterval, DataType, InternalValue, Long, StructType } from '../types/data-type.ts';
import { addMonths } from '../types/calendar.ts';
import { daysOfMicros, microsOfDays } from '../types/timestamp.ts';
import { parseInterval } from '../types/interval.ts';
import { addLong, subtractLong, toLong } from '../types/long.ts';

/**
 * What the analyzer puts in place of `window`, `session_window` and `window_time`: plain functions of one row. They cannot be called by
 * name. Windows are `[start, end)` in microseconds, aligned to the epoch; all are 24 h days of UTC, whatever the session's zone is.
 */
const internal = { group: 'window', usage: '', examples: [] } as const;

/** `time_window(time, duration, slide, start, i)`: of the windows that a time may fall into, the i-th from the newest; null when it does not. */
export const timeWindow: FunctionDefinition = defineFunction({
  ...internal,
  name: 'time_window',
  summary: 'The i-th window before the time.',
  resolve: (args) => ({ args: args.map((arg) => arg.type), type: windowType(typeOf(args[0])) }),
  body: {
    kind: 'scalar',
    bind: (site) => {
      const [duration, slide, start, index] = [1, 2, 3, 4].map((i) => constant(site, i)) as [
        number,
        number,
        number,
        number,
      ];
      const offset = start - index * slide;
      const isAlwaysIn = duration - index * slide >= slide;
      const evaluate = (time: Long): InternalValue => {
        const from =
          typeof time === 'number'
            ? Math.floor((time - start) / slide) * slide + offset
            : addLong(floorLong(subtractLong(time, start), slide), offset);
        const until = addLong(from, duration);
        return isAlwaysIn || time < until ? [from, until] : null;
      };
      if (!isAlwaysIn) return { evaluate };
      return {
        evaluate,
        generate: ([time]) =>
          `(typeof ${time} === 'number' ? [Math.floor((${time} - ${start}) / ${slide}) * ${slide} + ${offset}, Math.floor((${time} - ${start}) / ${slide}) * ${slide} + ${offset + duration}] : ((time) => { const past = (time - ${start}n) % ${slide}n; const from = time - (past < 0n ? past + ${slide}n : past) - ${start - offset}n; return [from, from + ${duration}n].map((edge) => edge >= -9007199254740991n && edge <= 9007199254740991n ? Number(edge) : edge); })(${time}))`,
      };
    },
  },
});

/** `session_span(time, gap)`: `[time, time + gap)`; null when the gap is not positive. */
export const sessionSpan: FunctionDefinition = defineFunction({
  ...internal,
  name: 'session_span',
  summary: 'The session that one row alone would make.',
  resolve: (args) => ({ args: args.map((arg) => arg.type), type: windowType(typeOf(args[0])), nullable: true }),
  body: {
    kind: 'scalar',
    bind: () => ({
      evaluate: (time: Long, gap: string | CalendarInterval | Long): InternalValue => {
        const until = addLong(time, gapMicros(time, gap));
        return until > time ? [time, until] : null;
      },
    }),
  },
});

/** `last_instant(window)`: the last microsecond that belongs to a window. */
export const lastInstant: FunctionDefinition = defineFunction({
  ...internal,
  name: 'last_instant',
  summary: 'The end of a window less one microsecond.',
  resolve: (args) => ({
    args: args.map((arg) => arg.type),
    type: (typeOf(args[0]) as StructType).fields[1]?.type ?? { kind: 'timestamp' },
  }),
  body: {
    kind: 'scalar',
    bind: () => ({ evaluate: (window: readonly Long[]): InternalValue => subtractLong(window[1] as Long, 1) }),
  },
});

/** A call of a function that is known here, with arguments that have the right types already. */
export function callOf(definition: FunctionDefinition, args: readonly TypedExpression[]): TypedCall {
  const signature = definition.resolve(args, { ansi: true, timeZone: 'UTC' });
  return {
    kind: 'call',
    function: definition,
    args,
    type: signature.type,
    nullable: signature.nullable ?? args.some((arg) => arg.nullable),
  };
}

export function longLiteral(value: Long): TypedLiteral {
  return { kind: 'literal', value, type: { kind: 'bigint' }, nullable: false };
}

/** `struct<start, end>` */
export function windowType(time: DataType): StructType {
  const type: DataType = { kind: time.kind === 'timestamp_ntz' ? 'timestamp_ntz' : 'timestamp' };
  return {
    kind: 'struct',
    fields: [
      { name: 'start', type, nullable: true },
      { name: 'end', type, nullable: true },
    ],
  };
}

/** Whether a type is that of a window: what `window_time` and a second `window` take. */
export function isWindowType(type: DataType): type is StructType {
  return (
    type.kind === 'struct' &&
    type.fields.length === 2 &&
    type.fields[0]?.name === 'start' &&
    type.fields[1]?.name === 'end' &&
    type.fields.every((field) => field.type.kind === 'timestamp' || field.type.kind === 'timestamp_ntz')
  );
}

function typeOf(e: TypedExpression | undefined): DataType {
  return e?.type ?? { kind: 'void' };
}

function constant(site: BindSite, index: number): number {
  const arg = site.args[index];
  return arg?.kind === 'literal'
    ? Number(arg.value)
    : raise('INTERNAL_INVARIANT', { what: 'a window without constants' });
}

function floorLong(value: Long, step: number): Long {
  const past = BigInt(value) % BigInt(step);
  return toLong(BigInt(value) - (past < 0n ? past + BigInt(step) : past));
}

function gapMicros(time: Long, gap: string | CalendarInterval | Long): Long {
  if (typeof gap === 'number' || typeof gap === 'bigint') return gap;
  const interval =
    typeof gap === 'string' ? (parseInterval(gap) ?? raise('CANNOT_PARSE_INTERVAL', { intervalString: gap })) : gap;
  const fixed = addLong(interval.micros, interval.days * 86_400_000_000);
  return interval.months === 0 ? fixed : addLong(fixed, monthsFrom(time, interval.months));
}

/** Microseconds of so many months from a time on: the same day of the month, or its last. */
function monthsFrom(time: Long, months: number): Long {
  const day = daysOfMicros(time);
  return subtractLong(microsOfDays(addMonths(day, months)), microsOfDays(day));
}
