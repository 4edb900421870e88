import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** A limit counts rows that were given out: in update mode they change later. */
export function limits({ mode, nodes }: CheckedQuery): readonly MillraceError[] {
  if (mode !== 'update') return [];
  return streamingNodes(nodes, 'limit').map(() => failure('QUERY_LIMIT_IN_UPDATE_MODE', {}));
}
