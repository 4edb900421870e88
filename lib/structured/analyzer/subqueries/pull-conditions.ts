import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import { anyIn, referencesOf } from '../../expressions/typed-tree.ts';
import { allOf, conjunctsOf } from '../../optimizer/conjunctions.ts';
import { builtCall } from '../built-call.ts';
import { newAttribute } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { passedOn, projectOver } from '../select-items.ts';
import { isCorrelated, isCorrelatedNode, outerReferences, type OuterIds } from './outer-references.ts';

/** A subquery without columns of the query around it, and the conditions that have them, over its columns. */
export interface Pulled {
  readonly plan: ResolvedPlan;
  readonly conditions: readonly TypedExpression[];
}

/**
 * Takes the conditions that compare with the query around it out of a subquery, so that a join can ask them: through projections, and
 * through aggregations where they are equalities, whose inner sides become keys. `undefined` where that would change the result; then
 * the subquery is computed for each of the outer values (`domainJoin`).
 *
 * The columns of the plan stay in front; what the conditions need follows them. Of an aggregation without keys a row of no rows is not
 * among them: whoever asks says what it would be (`valueOfNothing`).
 */
export function pullConditions(plan: ResolvedPlan, outer: OuterIds, nextId: () => number): Pulled | undefined {
  if (outerReferences(plan, outer).length === 0) return { plan, conditions: [] };
  switch (plan.kind) {
    case 'filter': {
      const below = pullConditions(plan.child, outer, nextId);
      if (below === undefined) return undefined;
      const parts = conjunctsOf(plan.condition);
      const staying = allOf(parts.filter((part) => !isCorrelated(part, outer)));
      const { output, isStreaming } = below.plan;
      return {
        plan:
          staying === undefined
            ? below.plan
            : { kind: 'filter', child: below.plan, condition: staying, output, isStreaming },
        conditions: [...below.conditions, ...parts.filter((part) => isCorrelated(part, outer))],
      };
    }
    case 'project': {
      if (isCorrelatedNode(plan, outer)) return undefined;
      const below = pullConditions(plan.child, outer, nextId);
      if (below === undefined) return undefined;
      const kept = neededOf(below, plan.output).map(passedOn);
      return { plan: projectOver(below.plan, [...plan.columns, ...kept]), conditions: below.conditions };
    }
    case 'deduplicate': {
      const below = keyed(plan.child, outer, nextId);
      if (below === undefined) return undefined;
      const { output, isStreaming } = below.plan;
      const keys = [...plan.keys, ...below.keys];
      return { plan: { ...plan, child: below.plan, keys, output, isStreaming }, conditions: below.conditions };
    }
    case 'aggregate': {
      if (plan.session !== undefined || isCorrelatedNode(plan, outer)) return undefined;
      const below = keyed(plan.child, outer, nextId);
      if (below === undefined) return undefined;
      const keys = [...plan.keys, ...below.keys];
      const aggregates = plan.aggregates.map(({ attribute }) => attribute);
      const grouped: ResolvedPlan = { ...plan, child: below.plan, keys, output: [...keys, ...aggregates] };
      const order = [...plan.output, ...below.keys];
      return { plan: projectOver(grouped, order.map(passedOn)), conditions: below.conditions };
    }
    default:
      return undefined;
  }
}

/** Columns that conditions need beyond those that are given. */
function neededOf({ plan, conditions }: Pulled, given: readonly Attribute[]): readonly Attribute[] {
  const ids = new Set<number>();
  for (const condition of conditions) referencesOf(condition, ids);
  const known = new Set(given.map(({ id }) => id));
  return plan.output.filter(({ id }) => ids.has(id) && !known.has(id));
}

/** The plan below an aggregation, with a column for the inner side of each equality. */
function keyed(
  child: ResolvedPlan,
  outer: OuterIds,
  nextId: () => number,
): (Pulled & { readonly keys: readonly Attribute[] }) | undefined {
  const below = pullConditions(child, outer, nextId);
  if (below === undefined) return undefined;
  const added: NamedExpression[] = [];
  const keys: Attribute[] = [];
  const conditions: TypedExpression[] = [];
  for (const condition of below.conditions) {
    const sides = sidesOf(condition, outer);
    if (sides === undefined) return undefined;
    const [inside, outside] = sides;
    const key = inside.kind === 'attribute' ? inside : newAttribute('key', inside, nextId);
    if (key !== inside) added.push({ expression: inside, attribute: key });
    if (!keys.some(({ id }) => id === key.id)) keys.push(key);
    conditions.push(builtCall('=', [key, outside]));
  }
  const plan =
    added.length === 0 ? below.plan : projectOver(below.plan, [...below.plan.output.map(passedOn), ...added]);
  return { plan, conditions, keys };
}

/** `inner = outer`: both sides, the one of the subquery first. */
function sidesOf(e: TypedExpression, outer: OuterIds): readonly [TypedExpression, TypedExpression] | undefined {
  if (e.kind !== 'call' || e.function.name !== '=') return undefined;
  const [a, b] = e.args;
  if (a === undefined || b === undefined) return undefined;
  if (!isCorrelated(a, outer) && isOuterOnly(b, outer)) return [a, b];
  return !isCorrelated(b, outer) && isOuterOnly(a, outer) ? [b, a] : undefined;
}

function isOuterOnly(e: TypedExpression, outer: OuterIds): boolean {
  return !anyIn(e, (part) => part.kind === 'attribute' && !outer.has(part.id));
}
