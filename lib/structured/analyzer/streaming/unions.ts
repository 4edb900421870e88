import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** A union has streams on both sides, or on none. */
export function unions({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'union')
    .filter(({ children }) => children.some((child) => !child.isStreaming))
    .map(() => failure('QUERY_UNION_OF_STREAM_AND_STATIC', {}));
}
