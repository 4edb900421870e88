import type { MillraceError } from '../../../kernel/errors.ts';
import type { OutputMode } from '../../plan/user-programs.ts';
import { nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** A query that is to be started. */
export interface CheckedQuery {
  readonly plan: ResolvedPlan;
  readonly mode: OutputMode;
  /** All nodes, each before its inputs. */
  readonly nodes: readonly ResolvedPlan[];
  /** Aggregations of streams, the last one of the query first. */
  readonly aggregates: readonly Node<'aggregate'>[];
}

/** Gives every problem of one kind that a query has. */
export type StreamingRule = (query: CheckedQuery) => readonly MillraceError[];

export type Node<K extends ResolvedPlan['kind']> = Extract<ResolvedPlan, { kind: K }>;

/** The streaming nodes of a kind, each before its inputs. */
export function streamingNodes<K extends ResolvedPlan['kind']>(
  nodes: readonly ResolvedPlan[],
  kind: K,
): readonly Node<K>[] {
  return nodes.filter((node): node is Node<K> => node.kind === kind && node.isStreaming);
}

/** The streaming nodes below one, without itself. */
export function streamingBelow(plan: ResolvedPlan): readonly ResolvedPlan[] {
  return [...nodesOf(plan)].filter((node) => node !== plan && node.isStreaming);
}

/** Whether both sides of a join are streams. */
export function isStreamJoin(join: Node<'join'>): boolean {
  return join.left.isStreaming && join.right.isStreaming;
}

export const joinNames = {
  inner: 'inner',
  left: 'left outer',
  right: 'right outer',
  full: 'full outer',
  leftSemi: 'left semi',
  leftAnti: 'left anti',
  cross: 'cross',
  existence: 'existence',
} as const;
