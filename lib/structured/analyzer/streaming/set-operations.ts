import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** What is in the one and (not) in the other is only known when both have ended. */
export function setOperations({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'setOperation').map(({ operation, isAll }) =>
    failure('QUERY_SET_OPERATION_ON_STREAM', {
      operation: `${operation === 'except' ? 'subtract' : 'intersect'}${isAll ? ' all' : ''}`,
    }),
  );
}
