import { mapExpressions, transformPlan } from '../analyzer/plan-tree.ts';
import { isSameType } from '../analyzer/cast-to.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { isDeterministic, sameExpression, transformUp } from '../expressions/typed-tree.ts';

/** Leaves out parts of conditions that decide nothing, filters that keep everything, and casts that change nothing. */
export function simplifyConditions(plan: ResolvedPlan): ResolvedPlan {
  return transformPlan(plan, (node) => {
    const simpler = mapExpressions(node, (e) => transformUp(e, simplify));
    if (simpler.kind === 'filter' && isLiteral(simpler.condition, true)) return simpler.child;
    if (simpler.kind === 'join' && simpler.condition !== undefined && isLiteral(simpler.condition, true)) {
      const { condition: _, ...join } = simpler;
      return join;
    }
    return simpler;
  });
}

function simplify(e: TypedExpression): TypedExpression {
  if (e.kind === 'case') return simplifyCase(e);
  if (e.kind === 'cast' && isSameType(e.child.type, e.type)) return e.child;
  if (e.kind !== 'call') return e;
  const [a, b] = e.args;
  if (a === undefined) return e;
  switch (e.function.name) {
    case 'and':
      return b === undefined ? e : combine(e, a, b, true);
    case 'or':
      return b === undefined ? e : combine(e, a, b, false);
    case 'not':
      // `not not x` is x, and a known answer is turned round.
      if (a.kind === 'call' && a.function.name === 'not') return a.args[0] ?? e;
      return a.kind === 'literal' && typeof a.value === 'boolean' ? { ...a, value: !a.value } : e;
    default:
      return e;
  }
}

/** `and` with `neutral` true, `or` with false: the neutral one goes, its opposite decides, of two equal ones is one enough. */
function combine(e: TypedExpression, a: TypedExpression, b: TypedExpression, neutral: boolean): TypedExpression {
  if (isLiteral(a, neutral)) return b;
  if (isLiteral(b, neutral)) return a;
  if (isLiteral(a, !neutral)) return a;
  // Behind it: what stands before may still fail, and is evaluated first as it was.
  return isDeterministic(a) && sameExpression(a, b) ? a : e;
}

function simplifyCase(e: TypedExpression & { kind: 'case' }): TypedExpression {
  const branches = e.branches.filter(([condition]) => !isLiteral(condition, false) && !isLiteral(condition, null));
  const [first] = branches;
  if (first === undefined) return e.otherwise;
  if (isLiteral(first[0], true)) return first[1];
  return branches.length === e.branches.length ? e : { ...e, branches };
}

function isLiteral(e: TypedExpression, value: boolean | null): boolean {
  return e.kind === 'literal' && e.value === value;
}
