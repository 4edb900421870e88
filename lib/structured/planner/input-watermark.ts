import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { inputsOf } from '../analyzer/plan-tree.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import type { JoinPlan } from '../operators/stream-join.ts';
import type { InputWatermark } from '../operators/stateful-base.ts';
import { takeApart } from './join-condition.ts';
import { timeBound } from './time-bound.ts';

/** How rows of a join's sides leave its state; undefined: never. */
export interface JoinExpiries {
  /** The key whose time decides for both sides, and which side's expression it is. */
  readonly key: number | undefined;
  readonly leftShiftUs: number | undefined;
  readonly rightShiftUs: number | undefined;
}

/**
 * As in Spark: when an equality holds an event-time column, rows go when the watermark reaches it; otherwise a side that has a watermark
 * goes by the bounds that the other conditions set.
 */
export function joinExpiries(plan: JoinPlan): JoinExpiries {
  const { keys, all } = takeApart(plan.condition, plan.left.output, plan.right.output);
  let key = keys.findIndex(({ left }) => isTimed(left));
  if (key < 0) key = keys.findIndex(({ right }) => isTimed(right));
  if (key >= 0) return { key, leftShiftUs: 0, rightShiftUs: 0 };
  const bound = (own: readonly Attribute[], other: readonly Attribute[]): number | undefined => {
    const column = own.find(({ watermarkDelayMs }) => watermarkDelayMs !== undefined);
    return column === undefined || column.type.kind !== 'timestamp' ? undefined : timeBound(all, column, other);
  };
  return {
    key: undefined,
    leftShiftUs: bound(plan.left.output, plan.right.output),
    rightShiftUs: bound(plan.right.output, plan.left.output),
  };
}

/**
 * Up to when the rows that a plan gives are complete, for a watermark of the query. It is the watermark itself, but behind a join of
 * streams that holds rows back: what that gives later may be older than the watermark, and is not late.
 */
export function outputWatermark(plan: ResolvedPlan): InputWatermark {
  const inputs = inputsOf(plan).filter((input) => input.isStreaming);
  const input = least(inputs.map(outputWatermark));
  if (plan.kind !== 'join' || inputs.length < 2) return input;
  const { leftShiftUs, rightShiftUs } = joinExpiries(plan);
  const shiftUs = Math.min(0, leftShiftUs ?? 0, rightShiftUs ?? 0);
  return shiftUs === 0 ? input : (watermarkUs) => input(watermarkUs) + shiftUs;
}

function least(watermarks: readonly InputWatermark[]): InputWatermark {
  const distinct = watermarks.filter((watermark) => watermark !== same);
  if (distinct.length === 0) return same;
  return (watermarkUs) => Math.min(watermarkUs, ...distinct.map((watermark) => watermark(watermarkUs)));
}

const same: InputWatermark = (watermarkUs) => watermarkUs;

function isTimed(e: TypedExpression): boolean {
  return e.kind === 'attribute' && e.watermarkDelayMs !== undefined;
}
