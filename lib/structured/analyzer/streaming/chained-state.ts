import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { type CheckedQuery, isStreamJoin, type Node, streamingBelow, streamingNodes } from './streaming-rule.ts';

/**
 * What may stand behind an operator that keeps state: nothing that keeps state too, where the lower one
 *
 * - is an aggregation in update or complete mode, whose results change later;
 * - is a function with timeouts by event time, which may give rows that are late by then.
 *
 * Removing duplicates is no such thing as long as no event time is a key. Functions with state in update mode do not go with aggregations
 * at all, and none stands behind an aggregation.
 */
export function chainedState(query: CheckedQuery): readonly MillraceError[] {
  const { mode, nodes } = query;
  const chain = (upper: string, lower: string): MillraceError =>
    failure('QUERY_STATEFUL_CHAIN', { upper, lower, outputMode: mode });
  const problems = functionsAndAggregations(query, chain);
  for (const upper of nodes) {
    const name = upper.isStreaming ? nameOf(upper) : undefined;
    if (name === undefined) continue;
    for (const lower of streamingBelow(upper)) {
      if (lower.kind === 'aggregate' && mode !== 'append' && upper.kind !== 'aggregate') {
        problems.push(chain(name, 'an aggregation'));
      }
      if (lower.kind === 'flatMapGroupsWithState' && lower.program.timeout === 'EventTimeTimeout') {
        problems.push(chain(name, 'flatMapGroupsWithState with EventTimeTimeout'));
      }
    }
  }
  return problems;
}

type Chain = (upper: string, lower: string) => MillraceError;

function functionsAndAggregations({ mode, nodes, aggregates }: CheckedQuery, chain: Chain): MillraceError[] {
  const functions = streamingNodes(nodes, 'flatMapGroupsWithState');
  const problems: MillraceError[] = [];
  const isAppend = mode === 'append' && functions.every(({ program }) => program.outputMode === 'append');
  if (functions.length > 1 && !isAppend) {
    problems.push(chain('flatMapGroupsWithState', 'another flatMapGroupsWithState'));
  }
  if (aggregates.length === 0) return problems;
  for (const node of functions) {
    if (isAboveAggregate(node)) problems.push(chain('flatMapGroupsWithState', 'an aggregation'));
    else if (node.program.outputMode === 'update') problems.push(chain('An aggregation', 'flatMapGroupsWithState'));
  }
  return problems;
}

function isAboveAggregate(node: Node<'flatMapGroupsWithState'>): boolean {
  return streamingBelow(node).some((below) => below.kind === 'aggregate');
}

/** An operator that keeps state and minds late rows, as the error names it. */
function nameOf(node: ResolvedPlan): string | undefined {
  switch (node.kind) {
    case 'aggregate':
      return 'An aggregation';
    case 'join':
      return isStreamJoin(node) ? 'A join of streams' : undefined;
    case 'deduplicate': {
      if (node.withinWatermark) return 'dropDuplicatesWithinWatermark';
      return node.keys.some((key) => key.watermarkDelayMs !== undefined)
        ? 'dropDuplicates by the event time'
        : undefined;
    }
    case 'flatMapGroupsWithState':
    case 'transformWithState':
      return node.kind;
    default:
      return undefined;
  }
}
