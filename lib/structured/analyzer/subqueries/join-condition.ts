import { raise } from '../../../kernel/errors.ts';
import { referencesOf } from '../../expressions/typed-tree.ts';
import { applyLifts } from '../apply-lifts.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Lift } from '../scope.ts';
import { passedOn, projectOver } from '../select-items.ts';
import { outerReferences } from './outer-references.ts';

/**
 * A join whose condition holds subqueries: each is computed on the side whose columns it uses. One that uses both sides is computed of
 * the pairs, which only an inner join gives.
 */
export function joinedWithSubqueries(join: ResolvedPlan, lifts: readonly Lift[]): ResolvedPlan {
  if (join.kind !== 'join') return raise('INTERNAL_INVARIANT', { what: 'a join that is none' });
  const left = lifts.filter((lift) => usesOnly(lift, join.left));
  const right = lifts.filter((lift) => !left.includes(lift) && usesOnly(lift, join.right));
  const both = lifts.filter((lift) => !left.includes(lift) && !right.includes(lift));
  const sides = { left: applyLifts(join.left, left), right: applyLifts(join.right, right) };
  if (both.length === 0) {
    const wider: ResolvedPlan = { ...join, ...sides, output: outputOf(join, sides) };
    return projectOver(wider, join.output.map(passedOn));
  }
  const { condition, ...bare } = join;
  if (join.how !== 'inner' || condition === undefined) {
    return raise('QUERY_SUBQUERY_UNSUPPORTED', {
      reason: 'in the condition of an outer join it uses columns of both sides',
    });
  }
  const { isStreaming } = join;
  const pairs: ResolvedPlan = { ...bare, ...sides, how: 'cross', output: outputOf(join, sides) };
  const computed = applyLifts(pairs, both);
  const filtered: ResolvedPlan = { kind: 'filter', child: computed, condition, output: computed.output, isStreaming };
  return projectOver(filtered, join.output.map(passedOn));
}

function usesOnly(lift: Lift, side: ResolvedPlan): boolean {
  if (lift.kind !== 'subquery') return false;
  const ids = new Set(side.output.map(({ id }) => id));
  const values = new Set<number>();
  for (const [value] of lift.pairs) referencesOf(value, values);
  return [...values].every((id) => ids.has(id)) && !usesOthers(lift.plan, ids);
}

/** Whether a subquery uses columns that it does not make and that are not among these. */
function usesOthers(plan: ResolvedPlan, ids: ReadonlySet<number>): boolean {
  const made = new Set<number>();
  collectMade(plan, made);
  const others = { has: (id: number) => !made.has(id) && !ids.has(id) } as ReadonlySet<number>;
  return outerReferences(plan, others).length > 0;
}

function collectMade(plan: ResolvedPlan, into: Set<number>): void {
  for (const { id } of plan.output) into.add(id);
  if ('child' in plan) collectMade(plan.child, into);
  if ('left' in plan) {
    collectMade(plan.left, into);
    collectMade(plan.right, into);
  }
  if ('children' in plan) for (const child of plan.children) collectMade(child, into);
}

function outputOf(
  join: ResolvedPlan & { readonly kind: 'join' },
  sides: { readonly left: ResolvedPlan; readonly right: ResolvedPlan },
): ResolvedPlan['output'] {
  const known = new Map(join.output.map((attribute) => [attribute.id, attribute]));
  const isLeftOnly = join.how === 'leftSemi' || join.how === 'leftAnti';
  return [...sides.left.output, ...(isLeftOnly ? [] : sides.right.output)].map((a) => known.get(a.id) ?? a);
}
