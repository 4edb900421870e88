import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { typedText } from '../typed-text.ts';
import type { CheckedQuery } from './streaming-rule.ts';

/** `count(DISTINCT ...)` and such would keep every value for ever. */
export function distinctAggregates({ aggregates }: CheckedQuery): readonly MillraceError[] {
  return aggregates.flatMap(({ aggregates: columns }) =>
    columns.flatMap(({ expression }) =>
      expression.kind === 'aggregate' && expression.distinct
        ? [failure('QUERY_DISTINCT_AGGREGATE_ON_STREAM', { aggregate: typedText(expression) })]
        : [],
    ),
  );
}
