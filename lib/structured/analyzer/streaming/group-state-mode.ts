import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** The mode that a function with state was written for is the mode of the query. */
export function groupStateMode({ mode, nodes, aggregates }: CheckedQuery): readonly MillraceError[] {
  if (aggregates.length > 0) return [];
  return streamingNodes(nodes, 'flatMapGroupsWithState').flatMap(({ program }) =>
    program.outputMode === mode
      ? []
      : [failure('QUERY_GROUP_STATE_MODE', { declared: program.outputMode, outputMode: mode })],
  );
}
