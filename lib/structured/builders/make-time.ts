import type { Column } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

type Parts = readonly [
  years: ColumnArgument,
  months: ColumnArgument,
  days: ColumnArgument,
  hours: ColumnArgument,
  minutes: ColumnArgument,
  seconds: ColumnArgument,
];
type Span = readonly [
  years?: ColumnArgument,
  months?: ColumnArgument,
  weeks?: ColumnArgument,
  days?: ColumnArgument,
  hours?: ColumnArgument,
  minutes?: ColumnArgument,
  seconds?: ColumnArgument,
];

/** The time of year, month, day, hour, minute, seconds and a zone; an error (null without ANSI) for parts that do not exist. */
export function makeTimestampLtz(...parts: readonly [...Parts, timeZone?: ColumnArgument]): Column {
  return call('make_timestamp_ltz', ...columns(parts));
}

/** As `makeTimestamp`, null for parts that do not exist. */
export function tryMakeTimestamp(...parts: readonly [...Parts, timeZone?: ColumnArgument]): Column {
  return call('try_make_timestamp', ...columns(parts));
}

/** As `makeTimestampLtz`, null for parts that do not exist. */
export function tryMakeTimestampLtz(...parts: readonly [...Parts, timeZone?: ColumnArgument]): Column {
  return call('try_make_timestamp_ltz', ...columns(parts));
}

/** As `makeTimestampNtz`, null for parts that do not exist. */
export function tryMakeTimestampNtz(...parts: Parts): Column {
  return call('try_make_timestamp_ntz', ...columns(parts));
}

/** An interval of years, months, weeks, days, hours, minutes and seconds; what is left out is 0. */
export function makeInterval(...span: Span): Column {
  return call('make_interval', ...spanOf(span));
}

/** As `makeInterval`, null when it is too long. */
export function tryMakeInterval(...span: Span): Column {
  return call('try_make_interval', ...spanOf(span));
}

function columns(parts: readonly (ColumnArgument | undefined)[]): readonly Expression[] {
  return parts.flatMap((part) => given(columnOf, part));
}

function spanOf(span: readonly (ColumnArgument | undefined)[]): readonly Expression[] {
  return span.map((part) => (part === undefined ? valueOf(0) : columnOf(part)));
}
