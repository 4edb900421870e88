import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { takeApart } from '../../planner/join-condition.ts';
import { timeBound } from '../../planner/time-bound.ts';
import { pushFilters } from '../../optimizer/push-filters.ts';
import { nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { typedText } from '../typed-text.ts';
import { type CheckedQuery, isStreamJoin, joinNames, type Node, streamingNodes } from './streaming-rule.ts';

/**
 * A join of two streams: in append mode only, with an equality, and no anti join. Outer and semi joins
 * need the watermark in an equality, or on the side that may be missing with a condition that bounds the other side by it.
 */
export function streamJoins({ plan, mode, nodes }: CheckedQuery): readonly MillraceError[] {
  const joins = streamingNodes(nodes, 'join').filter(isStreamJoin);
  // An equality may also stand in a filter above, as in `crossJoin(...).where('a = b')`.
  const filtered = streamingNodes([...nodesOf(pushFilters(plan))], 'join').filter(isStreamJoin);
  const modes = mode !== 'append' ? joins.map(() => failure('QUERY_STREAM_JOIN_MODE', { outputMode: mode })) : [];
  return [...modes, ...joins.flatMap(kindOf), ...joins.flatMap(watermarkOf), ...filtered.flatMap(equalityOf)];
}

function kindOf(join: Node<'join'>): readonly MillraceError[] {
  return join.how === 'leftAnti' ? [failure('QUERY_STREAM_JOIN_KIND', { joinType: joinNames[join.how] })] : [];
}

function equalityOf({ condition, left, right }: Node<'join'>): readonly MillraceError[] {
  if (takeApart(condition, left.output, right.output).keys.length > 0) return [];
  const text = condition === undefined ? 'this join' : typedText(condition);
  return [failure('QUERY_STREAM_JOIN_EQUALITY', { condition: text })];
}

function watermarkOf(join: Node<'join'>): readonly MillraceError[] {
  const { how, left, right, condition } = join;
  if (how === 'inner' || how === 'cross' || how === 'leftAnti') return [];
  const { keys, all } = takeApart(condition, left.output, right.output);
  const isTimed = keys.some((key) =>
    [key.left, key.right].some((side) => side.kind === 'attribute' && side.watermarkDelayMs !== undefined),
  );
  if (isTimed) return [];
  const isBounded = (own: ResolvedPlan, other: ResolvedPlan): boolean =>
    own.output.some((column) => column.type.kind === 'timestamp' && timeBound(all, column, other.output) !== undefined);
  const isDecided =
    how === 'right'
      ? isBounded(right, left)
      : how === 'full'
        ? isBounded(left, right) || isBounded(right, left)
        : isBounded(left, right);
  const side = how === 'right' ? 'left' : how === 'full' ? 'left or right' : 'right';
  return isDecided ? [] : [failure('QUERY_STREAM_JOIN_WATERMARK', { joinType: joinNames[how], side })];
}
