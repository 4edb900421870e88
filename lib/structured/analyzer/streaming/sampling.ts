import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** A batch that runs again must choose the same rows again. */
export function sampling({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'sample').map(() => failure('QUERY_SAMPLE_ON_STREAM', {}));
}
