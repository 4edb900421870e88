import { lineOf } from '../analyzer/plan-lines.ts';
import { inputsOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';

/** One node of a plan, for people and tools. */
export interface DescribedNode {
  /** Its kind, with a number from the second of a kind on, counted from the sink: `aggregate`, `filter#2`. */
  readonly id: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly keepsState: boolean;
  readonly isStreaming: boolean;
  /** As `explain` prints it. */
  readonly detail: string;
}

/** The ids of the nodes of a plan. A node that stands in several places has one. */
export function planIds(plan: ResolvedPlan): ReadonlyMap<ResolvedPlan, string> {
  const ids = new Map<ResolvedPlan, string>();
  const counts = new Map<string, number>();
  const visit = (node: ResolvedPlan): void => {
    if (ids.has(node)) return;
    const count = (counts.get(node.kind) ?? 0) + 1;
    counts.set(node.kind, count);
    ids.set(node, count === 1 ? node.kind : `${node.kind}#${count}`);
    for (const input of inputsOf(node)) visit(input);
  };
  visit(plan);
  return ids;
}

/** The nodes of a plan, sources first. */
export function describePlan(plan: ResolvedPlan): readonly DescribedNode[] {
  return [...planIds(plan)]
    .map(([node, id], _, all): DescribedNode => {
      const idOf = new Map(all);
      return {
        id,
        kind: node.kind,
        inputs: inputsOf(node).map((input) => idOf.get(input) ?? ''),
        keepsState: keepsState(node),
        isStreaming: node.isStreaming,
        detail: lineOf(node),
      };
    })
    .toReversed();
}

function keepsState(node: ResolvedPlan): boolean {
  if (!node.isStreaming) return false;
  switch (node.kind) {
    case 'aggregate':
    case 'deduplicate':
    case 'limit':
    case 'flatMapGroupsWithState':
    case 'transformWithState':
      return true;
    case 'join':
      return node.left.isStreaming && node.right.isStreaming;
    default:
      return false;
  }
}
