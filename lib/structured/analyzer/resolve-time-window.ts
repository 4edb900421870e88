import { raise } from '../../kernel/errors.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { sameExpression } from '../expressions/typed-tree.ts';
import { unexpected } from '../functions/signatures.ts';
import type { CalendarInterval, DataType } from '../types/data-type.ts';
import { MICROS_PER_DAY, parseInterval } from '../types/interval.ts';
import { addLong, multiplyLong } from '../types/long.ts';
import { castTo } from './cast-to.ts';
import type { Lift, Scope } from './scope.ts';
import { callOf, isWindowType, lastInstant, windowType } from './window-functions.ts';

/** `window`, `session_window` and `window_time`: a column that is computed below. The same window written twice is one column. */
export function resolveTimeWindow(
  name: 'window' | 'session_window' | 'window_time',
  args: readonly TypedExpression[],
  scope: Scope,
): TypedExpression {
  if (name === 'window') return lifted(tumblingOrSliding(args, scope), scope);
  if (name === 'session_window') return lifted(session(args, scope), scope);
  const [window] = args;
  checkCount('window_time', args, 1, 1);
  if (window === undefined || !isWindowType(window.type)) {
    return unexpected(
      'window_time',
      0,
      window as TypedExpression,
      'a window: STRUCT<start: TIMESTAMP, end: TIMESTAMP>',
    );
  }
  return lifted(windowTime(window, scope), scope);
}

/** A text of Spark's interval grammar, our `ms` included; raises `CANNOT_PARSE_INTERVAL`. */
export function intervalOf(text: string): CalendarInterval {
  return (
    parseInterval(text.replaceAll(/(?<=[\s\d])ms\b/giu, ' milliseconds')) ??
    raise('CANNOT_PARSE_INTERVAL', { intervalString: text })
  );
}

function tumblingOrSliding(args: readonly TypedExpression[], scope: Scope): Lift {
  checkCount('window', args, 2, 4);
  const time = timeOf('window', args[0] as TypedExpression, scope);
  const durationUs = micros('window', args, 1);
  const slideUs = args[2] === undefined ? durationUs : micros('window', args, 2);
  const startUs = args[3] === undefined ? 0 : micros('window', args, 3);
  for (const [index, value] of [
    [1, durationUs],
    [2, slideUs],
  ] as const) {
    if (value > 0) continue;
    raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
      position: index === 1 ? 'second' : 'third',
      function: 'window',
      range: 'longer than 0',
      actual: `${value} microseconds`,
    });
  }
  if (slideUs > durationUs) constraint('slide duration', slideUs, 'at most the window duration', durationUs);
  if (Math.abs(startUs) >= slideUs) constraint('start time', startUs, 'shorter than the slide duration', slideUs);
  return {
    kind: 'timeWindow',
    attribute: column('window', windowType(time.type), time, scope),
    time,
    durationUs,
    slideUs,
    startUs,
  };
}

function session(args: readonly TypedExpression[], scope: Scope): Lift {
  checkCount('session_window', args, 2, 2);
  const time = timeOf('session_window', args[0] as TypedExpression, scope);
  const gap = args[1] as TypedExpression;
  if (!['string', 'interval', 'interval day to second'].includes(gap.type.kind)) {
    return unexpected('session_window', 1, gap, 'a duration: STRING or INTERVAL');
  }
  if (gap.kind === 'literal' && typeof gap.value === 'string') intervalOf(gap.value);
  return { kind: 'sessionWindow', attribute: column('session_window', windowType(time.type), time, scope), time, gap };
}

function windowTime(window: TypedExpression, scope: Scope): Lift {
  return {
    kind: 'windowTime',
    attribute: column('window_time', callOf(lastInstant, [window]).type, window, scope),
    window,
  };
}

/** The column itself, or a window of an equal meaning that was found before. */
function lifted(lift: Lift, scope: Scope): Attribute {
  const known = scope.lifts.find((other) => isSameLift(other, lift));
  if (known !== undefined) return known.attribute;
  scope.lifts.push(lift);
  return lift.attribute;
}

function isSameLift(a: Lift, b: Lift): boolean {
  if (a.kind === 'timeWindow' && b.kind === 'timeWindow') {
    return (
      a.durationUs === b.durationUs &&
      a.slideUs === b.slideUs &&
      a.startUs === b.startUs &&
      sameExpression(a.time, b.time)
    );
  }
  if (a.kind === 'sessionWindow' && b.kind === 'sessionWindow') {
    return sameExpression(a.time, b.time) && sameExpression(a.gap, b.gap);
  }
  return a.kind === 'windowTime' && b.kind === 'windowTime' && sameExpression(a.window, b.window);
}

/** The time that a window is made of. Of another window it is its last instant; a text is read as a timestamp. */
function timeOf(name: string, e: TypedExpression, scope: Scope): TypedExpression {
  if (isWindowType(e.type)) return lifted(windowTime(e, scope), scope);
  if (e.type.kind === 'timestamp' || e.type.kind === 'timestamp_ntz') return e;
  if (e.type.kind === 'string' || e.type.kind === 'date' || e.type.kind === 'void') {
    return castTo(e, { kind: 'timestamp' }, scope.site);
  }
  return unexpected(name, 0, e, 'TIMESTAMP or TIMESTAMP_NTZ');
}

function column(name: string, type: DataType, from: TypedExpression, scope: Scope): Attribute {
  return {
    kind: 'attribute',
    id: scope.session.nextId(),
    name,
    type,
    nullable: name === 'window_time' && from.nullable,
    qualifier: [],
    ...(from.kind === 'attribute' && from.watermarkDelayMs !== undefined
      ? { watermarkDelayMs: from.watermarkDelayMs }
      : {}),
  };
}

function micros(name: string, args: readonly TypedExpression[], index: number): number {
  const arg = args[index] as TypedExpression;
  const { value } = arg.kind === 'literal' ? arg : { value: undefined };
  if (typeof value === 'string') {
    const { months, days, micros } = intervalOf(value);
    if (months !== 0) raise('QUERY_WINDOW_MONTHS', { intervalString: value });
    return Number(addLong(multiplyLong(days, MICROS_PER_DAY), micros));
  }
  if (arg.type.kind === 'interval day to second' && value !== undefined && value !== null) return Number(value);
  if (arg.type.kind === 'interval year to month')
    return raise('QUERY_WINDOW_MONTHS', { intervalString: 'years or months' });
  return raise('DATATYPE_MISMATCH.NON_FOLDABLE_INPUT', {
    position: ['first', 'second', 'third', 'fourth'][index] ?? `${index + 1}th`,
    function: name,
    argument: arg.kind === 'attribute' ? arg.name : 'an expression',
  });
}

function constraint(what: string, value: number, rule: string, other: number): never {
  raise('DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION', {
    leftExprName: what,
    leftExprValue: `${value / 1_000_000} seconds`,
    constraint: rule,
    rightExprValue: `${other / 1_000_000} seconds`,
  });
}

function checkCount(name: string, args: readonly TypedExpression[], least: number, most: number): void {
  if (args.length >= least && args.length <= most) return;
  raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
    function: name,
    expected: least === most ? `${least}` : `${least} to ${most}`,
    actual: args.length,
    usage:
      name === 'window'
        ? "window(time, '1 minute', slide, start)"
        : name === 'session_window'
          ? "session_window(time, '5 minutes')"
          : 'window_time(window)',
  });
}
