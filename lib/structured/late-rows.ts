import { raise } from '../kernel/errors.ts';
import { DataFrame } from './data-frame.ts';
import { lateColumns } from './operators/late-rows.ts';
import { LateRowsOf } from './plan/late-rows-of.ts';

/**
 * The rows of a query that its steps with state dropped because they came too late, as a stream. It is written together with its query, batch
 * by batch: `df.writeStream.lateRows(lateRows(df).writeStream...)`.
 *
 * Columns: `operator`, the step that dropped the row; `watermark`, by which it was late; `eventTime`; `window`, where the step has windows;
 * `key`, the other keys, and `row`, the row as it came to the step, both JSON objects.
 *
 * @example
 * const late = lateRows(counts).writeStream.format('json').option('path', './late')
 * const query = await counts.writeStream.format('console').lateRows(late).start()
 */
export function lateRows(df: DataFrame): DataFrame {
  if (!(df instanceof DataFrame) || !df.isStreaming) {
    return raise('QUERY_LATE_ROWS', {
      problem: 'lateRows was given no streaming DataFrame',
      mend: 'Give it the DataFrame whose writeStream starts the query',
    });
  }
  return df.derive({
    kind: 'read',
    isStreaming: true,
    format: 'memory',
    options: {},
    schema: lateColumns,
    source: new LateRowsOf(df.plan.planId),
  });
}
