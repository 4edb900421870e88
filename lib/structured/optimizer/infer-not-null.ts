import { transformPlan } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { childrenOf } from '../expressions/typed-tree.ts';
import { findFunction } from '../functions/registry.ts';
import { allOf, conjunctsOf } from './conjunctions.ts';

type Join = Extract<ResolvedPlan, { kind: 'join' }> & ResolvedPlan;

/** Functions that are null as soon as one argument is. */
const intolerant: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=', '+', '-', '*']);

/**
 * Rows that can match nothing, because a column that the condition compares is null, end below the join, on the sides that keep no
 * unmatched rows. Spark infers the same; where the column is not the event time, such rows do not move the watermark either.
 */
export function inferNotNull(plan: ResolvedPlan): ResolvedPlan {
  return transformPlan(plan, (node) => {
    if (node.kind !== 'join' || node.condition === undefined) return node;
    const join: Join = node;
    const compared = new Map<number, Attribute>();
    for (const part of conjunctsOf(node.condition)) collect(part, compared);
    const { how } = join;
    const left = how === 'inner' || how === 'leftSemi' || how === 'right';
    const right = how === 'inner' || how === 'leftSemi' || how === 'left' || how === 'leftAnti';
    return {
      ...join,
      left: left ? withoutNulls(join.left, compared) : join.left,
      right: right ? withoutNulls(join.right, compared) : join.right,
    };
  });
}

function collect(e: TypedExpression, into: Map<number, Attribute>): void {
  if (e.kind === 'attribute') into.set(e.id, e);
  const isIntolerant = e.kind === 'cast' || (e.kind === 'call' && intolerant.has(e.function.name));
  if (isIntolerant) for (const child of childrenOf(e)) collect(child, into);
}

function withoutNulls(side: ResolvedPlan, compared: ReadonlyMap<number, Attribute>): ResolvedPlan {
  const isnotnull = findFunction('isnotnull');
  if (isnotnull === undefined) return side;
  const condition = allOf(
    side.output
      .filter((column) => column.nullable && compared.has(column.id))
      .map((column) => ({
        kind: 'call',
        function: isnotnull,
        args: [column],
        type: { kind: 'boolean' },
        nullable: false,
      })),
  );
  if (condition === undefined) return side;
  return { kind: 'filter', child: side, condition, output: side.output, isStreaming: side.isStreaming };
}
