import type { Attribute } from '../expressions/typed-expression.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { passedOn } from './select-items.ts';

/** The columns that a join by USING just below keeps to itself: `t2.a` of `t1 JOIN t2 USING (a)`. */
export function hiddenByUsing(plan: ResolvedPlan): readonly Attribute[] {
  switch (plan.kind) {
    case 'project':
      return plan.hidden ?? [];
    case 'filter':
    case 'sort':
    case 'limit':
      return hiddenByUsing(plan.child);
    default:
      return [];
  }
}

/** The plan with such columns behind the others. */
export function withHidden(plan: ResolvedPlan, attributes: readonly Attribute[]): ResolvedPlan {
  const given = new Set(plan.output.map(({ id }) => id));
  const added = attributes.filter(({ id }, i) => !given.has(id) && attributes.findIndex((a) => a.id === id) === i);
  if (added.length === 0) return plan;
  const output = [...plan.output, ...added];
  if (plan.kind === 'project') return { ...plan, columns: [...plan.columns, ...added.map(passedOn)], output };
  if (plan.kind === 'filter' || plan.kind === 'sort' || plan.kind === 'limit') {
    return { ...plan, child: withHidden(plan.child, added), output };
  }
  return plan;
}
