import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingBelow, streamingNodes } from './streaming-rule.ts';

/** Only the whole result can be sorted: behind an aggregation, in complete mode. */
export function sorting({ mode, nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'sort')
    .filter((sort) => mode !== 'complete' || !streamingBelow(sort).some((below) => below.kind === 'aggregate'))
    .map(() => failure('QUERY_SORT_ON_STREAM', {}));
}
