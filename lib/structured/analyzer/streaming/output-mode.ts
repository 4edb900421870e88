import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { CheckedQuery } from './streaming-rule.ts';

const code = 'STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION';

/**
 * Append needs, for each aggregation, a grouping key that carries the watermark, or no group would ever be finished. Complete needs an
 * aggregation, or the whole result would have to be kept. Sessions cannot be updated: they merge.
 */
export function outputMode({ mode, aggregates }: CheckedQuery): readonly MillraceError[] {
  switch (mode) {
    case 'append':
      return aggregates.some((aggregate) => aggregate.keys.every((key) => key.watermarkDelayMs === undefined))
        ? [
            failure(code, {
              outputMode: 'append',
              operation: 'streaming aggregations without watermark',
              mend: 'Put withWatermark before the aggregation and group by the event time itself or by a window of it, or use update or complete mode',
            }),
          ]
        : [];
    case 'update':
      return aggregates.some((aggregate) => aggregate.session !== undefined)
        ? [
            failure(code, {
              outputMode: 'update',
              operation: 'session window streaming aggregations',
              mend: 'Use append mode with a watermark, or complete mode',
            }),
          ]
        : [];
    case 'complete':
      return aggregates.length === 0
        ? [
            failure(code, {
              outputMode: 'complete',
              operation: 'no streaming aggregations',
              mend: 'Use append mode, or aggregate',
            }),
          ]
        : [];
    default:
      return mode satisfies never;
  }
}
