import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, isStreamJoin, joinNames, type Node, streamingNodes } from './streaming-rule.ts';

/** With static data only the stream's rows may come out without a match: those of the static side would have to wait for ever. */
export function staticJoins({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'join')
    .filter((join) => !isStreamJoin(join) && !isAllowed(join))
    .map((join) =>
      failure('QUERY_STATIC_JOIN_SIDE', {
        joinType: joinNames[join.how],
        staticSide: join.left.isStreaming ? 'right' : 'left',
        mend: join.left.isStreaming
          ? 'use inner, left_outer, left_semi or left_anti'
          : 'use inner or right_outer, or put the stream on the left',
      }),
    );
}

function isAllowed({ how, left }: Node<'join'>): boolean {
  if (how === 'inner' || how === 'cross') return true;
  return left.isStreaming
    ? how === 'left' || how === 'leftSemi' || how === 'leftAnti' || how === 'existence'
    : how === 'right';
}
