import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { inputsOf, mapExpressions } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** Ids of the columns of the query around a subquery. */
export type OuterIds = ReadonlySet<number>;

/** Whether an expression uses columns of the query around it. */
export function isCorrelated(e: TypedExpression, outer: OuterIds): boolean {
  return anyIn(e, (part) => part.kind === 'attribute' && outer.has(part.id));
}

/** The columns of the query around it that a plan uses, each once. */
export function outerReferences(plan: ResolvedPlan, outer: OuterIds): readonly Attribute[] {
  const found = new Map<number, Attribute>();
  collect(plan, outer, found);
  return [...found.values()];
}

/** Whether an expression of the node itself uses columns of the query around it. */
export function isCorrelatedNode(plan: ResolvedPlan, outer: OuterIds): boolean {
  const found = new Map<number, Attribute>();
  collectNode(plan, outer, found);
  return found.size > 0;
}

function collect(plan: ResolvedPlan, outer: OuterIds, into: Map<number, Attribute>): void {
  collectNode(plan, outer, into);
  for (const input of inputsOf(plan)) collect(input, outer, into);
}

function collectNode(plan: ResolvedPlan, outer: OuterIds, into: Map<number, Attribute>): void {
  mapExpressions(plan, (e) => {
    anyIn(e, (part) => {
      if (part.kind === 'attribute' && outer.has(part.id)) into.set(part.id, part);
      return false;
    });
    return e;
  });
}
