import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { type CheckedQuery, streamingBelow, streamingNodes } from './streaming-rule.ts';

/** A second watermark above another: Spark accepts it and fails in a later batch. */
export function watermarkRedefined({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'watermark').flatMap((upper) => {
    const lower = streamingBelow(upper).find((below) => below.kind === 'watermark');
    return lower?.kind === 'watermark'
      ? [
          failure('QUERY_WATERMARK_REDEFINED', {
            later: `\`${upper.column.name}\``,
            earlier: `\`${lower.column.name}\``,
          }),
        ]
      : [];
  });
}
