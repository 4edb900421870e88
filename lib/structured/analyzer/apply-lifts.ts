import { raise } from '../../kernel/errors.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { findFunction } from '../functions/registry.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import type { Lift } from './scope.ts';
import { withHidden } from './hidden-by-using.ts';
import { withSubquery } from './subqueries/join-subquery.ts';
import { intervalOf } from './resolve-time-window.ts';
import { callOf, lastInstant, longLiteral, sessionSpan, timeWindow } from './window-functions.ts';

/**
 * Puts the nodes that compute lifted expressions between a node and its child. Columns of the child stay in front. Rows without a
 * time have no window and end here, as in Spark.
 */
export function applyLifts(child: ResolvedPlan, lifts: readonly Lift[]): ResolvedPlan {
  const windows = lifts.filter((lift) => lift.kind === 'timeWindow' || lift.kind === 'sessionWindow');
  if (windows.length > 1) {
    raise('QUERY_MULTIPLE_TIME_WINDOWS', { count: windows.length });
  }
  // What is hidden below stands nearest: it is found only there.
  const hidden = lifts.filter((lift) => lift.kind === 'hidden').map(({ attribute }) => attribute);
  const wider = hidden.length === 0 ? child : withHidden(child, hidden);
  return lifts.filter((lift) => lift.kind !== 'hidden').reduce(applyLift, wider);
}

function applyLift(child: ResolvedPlan, lift: Lift): ResolvedPlan {
  switch (lift.kind) {
    case 'timeWindow':
      return lift.slideUs === lift.durationUs ? tumbling(child, lift) : sliding(child, lift);
    case 'sessionWindow':
      return notNull(
        withColumn(notNull(child, lift.time), lift.attribute, { ...callOf(sessionSpan, [lift.time, lift.gap]) }),
        { ...lift.attribute, nullable: !isPositiveGap(lift.gap) },
      );
    case 'hidden':
      return withHidden(child, [lift.attribute]);
    case 'subquery':
      return withSubquery(child, lift);
    case 'windowTime':
      return withColumn(child, lift.attribute, callOf(lastInstant, [lift.window]));
    case 'over':
      return {
        kind: 'windowFunctions',
        child,
        partitionBy: lift.partitionBy,
        orderBy: lift.orderBy,
        functions: [
          {
            expression: lift.function,
            attribute: lift.attribute,
            ...(lift.frame === undefined ? {} : { frame: lift.frame }),
          },
        ],
        output: [...child.output, lift.attribute],
        isStreaming: child.isStreaming,
      };
    default:
      return lift satisfies never;
  }
}

/** A constant gap above 0: every row with a time has a session. */
function isPositiveGap(gap: TypedExpression): boolean {
  if (gap.kind !== 'literal' || typeof gap.value !== 'string') return false;
  const { months, days, micros } = intervalOf(gap.value);
  return months >= 0 && days >= 0 && micros > 0;
}

type TimeWindowLift = Extract<Lift, { kind: 'timeWindow' }>;

function tumbling(child: ResolvedPlan, lift: TimeWindowLift): ResolvedPlan {
  return withColumn(notNull(child, lift.time), lift.attribute, candidate(lift, 0));
}

/** Each row once for each window that its time may be in; candidates that it is not in are null, and end here. */
function sliding(child: ResolvedPlan, lift: TimeWindowLift): ResolvedPlan {
  const input = notNull(child, lift.time);
  const count = Math.ceil(lift.durationUs / lift.slideUs);
  const isExact = lift.durationUs % lift.slideUs === 0;
  const expanded: ResolvedPlan = {
    kind: 'expand',
    child: input,
    projections: Array.from({ length: count }, (_, i) => [...input.output, candidate(lift, i)]),
    output: [...input.output, lift.attribute],
    isStreaming: child.isStreaming,
  };
  return isExact ? expanded : notNull(expanded, { ...lift.attribute, nullable: true });
}

function candidate(lift: TimeWindowLift, index: number): TypedExpression {
  const constants = [lift.durationUs, lift.slideUs, lift.startUs, index].map(longLiteral);
  return callOf(timeWindow, [lift.time, ...constants]);
}

function withColumn(child: ResolvedPlan, attribute: Attribute, expression: TypedExpression): ResolvedPlan {
  return {
    kind: 'project',
    child,
    columns: [...child.output.map((column) => ({ expression: column, attribute: column })), { expression, attribute }],
    output: [...child.output, attribute],
    isStreaming: child.isStreaming,
  };
}

/** Keeps the rows in which an expression is not null; nothing where it never is. */
function notNull(child: ResolvedPlan, e: TypedExpression): ResolvedPlan {
  if (!e.nullable) return child;
  const isnotnull = findFunction('isnotnull') ?? raise('INTERNAL_INVARIANT', { what: 'there is no isnotnull' });
  const condition: TypedExpression = {
    kind: 'call',
    function: isnotnull,
    args: [e],
    type: { kind: 'boolean' },
    nullable: false,
  };
  return { kind: 'filter', child, condition, output: child.output, isStreaming: child.isStreaming };
}
