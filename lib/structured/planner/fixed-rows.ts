import { expressionsOf, inputsOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn } from '../expressions/typed-tree.ts';

const narrow: ReadonlySet<ResolvedPlan['kind']> = new Set(['local', 'range', 'project', 'filter', 'union']);

/**
 * Whether a plan gives the same rows in every batch: rows at hand, passed through expressions that depend on nothing but the row. The
 * static side of a join is then loaded once, however large it is.
 */
export function hasFixedRows(plan: ResolvedPlan): boolean {
  return narrow.has(plan.kind) && expressionsOf(plan).every(isFixed) && inputsOf(plan).every(hasFixedRows);
}

/** Functions may read the time of the batch, or draw: only operators are known not to. */
function isFixed(e: TypedExpression): boolean {
  return !anyIn(e, (node) => node.kind === 'udf' || (node.kind === 'call' && node.function.group !== 'operator'));
}
