import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { CheckedQuery } from './streaming-rule.ts';

/** Aggregations of aggregations only in append mode: in the others the first one takes back what it gave. */
export function chainedAggregations({ mode, aggregates }: CheckedQuery): readonly MillraceError[] {
  return mode !== 'append' && aggregates.length > 1
    ? [failure('QUERY_CHAINED_AGGREGATIONS', { outputMode: mode })]
    : [];
}
