import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** `dropDuplicatesWithinWatermark` keeps keys for as long as the watermark says. */
export function deduplicateWithinWatermark({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'deduplicate')
    .filter(
      ({ withinWatermark, output }) =>
        withinWatermark && output.every((column) => column.watermarkDelayMs === undefined),
    )
    .map(() => failure('QUERY_DEDUPLICATE_WITHIN_WATERMARK', {}));
}
