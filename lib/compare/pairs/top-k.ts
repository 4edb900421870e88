import { col, desc } from '../../structured/builders/basic.ts';
import { collectList, count, rowNumber } from '../../structured/builders/aggregate.ts';
import { window } from '../../structured/builders/windows.ts';
import { Window } from '../../structured/window-spec.ts';
import type { Pair } from '../pair.ts';
import { add, type Counted, countedRow, one } from './counted.ts';
import { groupRow } from './group-row.ts';

type Ranked = readonly [ranked: readonly [key: string, counted: Counted], at: number];

/**
 * The keys with the highest counts of each window. Rows below the first ones are ranked too, and left out of the results: they say why
 * a key is not among them.
 */
export const topK: Pair<Ranked> = {
  name: 'top-k',
  title: 'The busiest users of each window',
  summary: 'Ranks by count in each window: one record in another window can change who comes first.',
  measure: 'rank (count)',
  modes: ['append', 'complete'],
  uses: ['windowMs', 'watermarkMs', 'mode', 'top'],
  rowsMatchBy: 'label',
  records: 'events',
  amountOf: () => 1,
  alignMs: ({ windowMs }) => windowMs,
  drainMs: ({ windowMs }) => windowMs,
  dstream: (events, { windowMs }) =>
    events
      .map((event) => [event.key, one(event)] as const)
      .reduceByKeyAndWindow(add, windowMs, windowMs)
      .transform((rdd) => rdd.sortBy(([key, { count }]) => [-count, key]).zipWithIndex()),
  dstreamRow: ([[key, counted], at], batchMs, { windowMs }) => ({
    ...countedRow(key, counted, batchMs, windowMs),
    rank: at + 1,
  }),
  structured: (events, { windowMs, watermarkMs }) =>
    events
      .withWatermark('time', `${watermarkMs} milliseconds`)
      .groupBy(window('time', `${windowMs} milliseconds`).alias('window'), 'key')
      .agg(count('*').alias('value'), collectList('id').alias('records')),
  eachBatch: (batch) =>
    batch.withColumn('rank', rowNumber().over(Window.partitionBy(col('window')).orderBy(desc('value'), col('key')))),
  structuredRow: groupRow,
};
