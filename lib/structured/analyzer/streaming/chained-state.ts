import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { type CheckedQuery, isStreamJoin, streamingBelow, streamingNodes } from './streaming-rule.ts';

/**
 * What may stand behind an operator that keeps state.
 *
 * - Behind an aggregation in update or complete mode nothing that would count its changing results, but removing duplicates.
 * - Programs with state of their own in update mode do not go with aggregations, and none may stand behind an aggregation.
 */
export function chainedState({ mode, nodes, aggregates }: CheckedQuery): readonly MillraceError[] {
  const problems: MillraceError[] = [];
  for (const kind of ['flatMapGroupsWithState', 'transformWithState'] as const) {
    for (const node of streamingNodes(nodes, kind)) {
      if (aggregates.length === 0) continue;
      const isAbove = streamingBelow(node).some((below) => below.kind === 'aggregate');
      if (node.program.outputMode === 'append' && !isAbove) continue;
      const [upper, lower] = isAbove ? [kind, 'an aggregation'] : ['An aggregation', kind];
      problems.push(failure('QUERY_STATEFUL_CHAIN', { upper, lower, outputMode: mode }));
    }
  }
  if (mode === 'append') return problems;
  for (const node of nodes) {
    if (!isOther(node) || !streamingBelow(node).some((below) => below.kind === 'aggregate')) continue;
    problems.push(
      failure('QUERY_STATEFUL_CHAIN', { upper: 'A join of streams', lower: 'an aggregation', outputMode: mode }),
    );
  }
  return problems;
}

function isOther(node: ResolvedPlan): boolean {
  return node.kind === 'join' && isStreamJoin(node);
}
