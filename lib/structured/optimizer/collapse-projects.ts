import { transformPlan } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import { childrenOf, isDeterministic, transformUp } from '../expressions/typed-tree.ts';

/**
 * One projection in place of two: the upper one computes from what the lower one reads. Not where an expression would then be computed
 * more often than before, or at another place among those that count or draw.
 */
export function collapseProjects(plan: ResolvedPlan): ResolvedPlan {
  return transformPlan(plan, (node) => {
    if (node.kind !== 'project') return node;
    const { child } = node;
    if (isIdentity(node)) return { ...child, output: node.output };
    return child.kind === 'project' && mayMerge(node, child) ? merged(node, child) : node;
  });
}

type Project = Extract<ResolvedPlan, { kind: 'project' }>;

/** The same columns in the same order: the node only names what is there. */
function isIdentity({ columns, child }: Project): boolean {
  return (
    columns.length === child.output.length &&
    columns.every(
      ({ expression, attribute }, i) =>
        expression.kind === 'attribute' && expression.id === attribute.id && child.output[i]?.id === attribute.id,
    )
  );
}

function mayMerge(upper: Project, lower: Project): boolean {
  const uses = new Map<number, number>();
  for (const { expression } of upper.columns) countUses(expression, uses);
  if (depthOf(upper) + depthOf(lower) > maxDepth) return false;
  return lower.columns.every(
    ({ expression, attribute }) =>
      expression.kind === 'attribute' ||
      expression.kind === 'literal' ||
      (isDeterministic(expression) && (uses.get(attribute.id) ?? 0) <= 1),
  );
}

/** Loops of a program may project thousands of times: expressions stay so flat that everything may walk them by recursion. */
const maxDepth = 100;

function depthOf({ columns }: Project): number {
  return Math.max(0, ...columns.map(({ expression }) => levels(expression)));
}

function levels(e: TypedExpression): number {
  return 1 + childrenOf(e).reduce((deepest, child) => Math.max(deepest, levels(child)), 0);
}

function countUses(e: TypedExpression, uses: Map<number, number>): void {
  if (e.kind === 'attribute') uses.set(e.id, (uses.get(e.id) ?? 0) + 1);
  // The body of a lambda runs once for each element.
  const times = e.kind === 'lambda' ? 2 : 1;
  for (let i = 0; i < times; i++) for (const child of childrenOf(e)) countUses(child, uses);
}

function merged(upper: Project, lower: Project): Project {
  const below = new Map(lower.columns.map(({ attribute, expression }) => [attribute.id, expression]));
  const columns = upper.columns.map(({ expression, attribute }): NamedExpression => ({
    attribute,
    expression: transformUp(expression, (part) => (part.kind === 'attribute' ? (below.get(part.id) ?? part) : part)),
  }));
  return { ...upper, child: lower.child, columns };
}
