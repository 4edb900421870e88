import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** A limit counts rows that were given out: in update mode they change later. Nothing says which rows are the first to be left out. */
export function limits({ mode, nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'limit').flatMap(({ offset }) => {
    if (offset > 0) return [failure('QUERY_OFFSET_ON_STREAM', {})];
    return mode === 'update' ? [failure('QUERY_LIMIT_IN_UPDATE_MODE', {})] : [];
  });
}
