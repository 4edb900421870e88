import type { Duration } from '../../kernel/time.ts';

import { Column } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** A length of time: Spark's text, or milliseconds. */
export type WindowDuration = Duration | string;

function duration(length: WindowDuration): Expression {
  return valueOf(typeof length === 'number' ? `${length} milliseconds` : length);
}

/**
 * The windows that a time lies in: `[start, end)`, aligned to 1970-01-01 UTC and shifted by `startTime`. With `slide` windows overlap.
 * The time may be another window.
 *
 * @example
 * events.groupBy(window('ts', '10 minutes', '5 minutes')).count()
 */
export function window(
  time: ColumnArgument,
  length: WindowDuration,
  slide?: WindowDuration,
  startTime?: WindowDuration,
): Column {
  const rest = startTime === undefined ? given(duration, slide) : [duration(slide ?? length), duration(startTime)];
  return call('window', columnOf(time), duration(length), ...rest);
}

/** Windows of activity: rows of a group that are at most `gap` apart belong together. The gap may be a column. */
export function sessionWindow(time: ColumnArgument, gap: WindowDuration | Column): Column {
  return call('session_window', columnOf(time), gap instanceof Column ? gap.expression : duration(gap));
}
