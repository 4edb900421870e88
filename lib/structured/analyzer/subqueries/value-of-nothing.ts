import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { transformUp } from '../../expressions/typed-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** Aggregates that give null when there are no rows. */
const nulls = new Set('max min sum avg first last any_value mean first_value last_value max_by min_by'.split(' '));
const zeros = new Set(['count', 'count_if', 'regr_count', 'approx_count_distinct']);

/**
 * The columns of an aggregation without keys, and of projections of it, as they are when there are no rows: by their ids. `undefined`
 * for another plan, and where an aggregate is not known to give null or 0 then.
 *
 * @example
 * // SELECT count(*) + 1 AS n   =>   n: 0 + 1
 */
export function valuesOfNothing(plan: ResolvedPlan): ReadonlyMap<number, TypedExpression> | undefined {
  if (plan.kind === 'project') {
    const below = valuesOfNothing(plan.child);
    if (below === undefined) return undefined;
    const inside = (e: TypedExpression): TypedExpression =>
      transformUp(e, (part) => (part.kind === 'attribute' ? (below.get(part.id) ?? part) : part));
    return new Map(plan.columns.map(({ expression, attribute }) => [attribute.id, inside(expression)]));
  }
  if (plan.kind !== 'aggregate' || plan.keys.length > 0) return undefined;
  const values = new Map<number, TypedExpression>();
  for (const { expression, attribute } of plan.aggregates) {
    if (expression.kind !== 'aggregate') return undefined;
    const { name } = expression.function;
    if (!nulls.has(name) && !zeros.has(name)) return undefined;
    const value = nulls.has(name) ? null : 0;
    values.set(attribute.id, { kind: 'literal', value, type: attribute.type, nullable: value === null });
  }
  return values;
}
