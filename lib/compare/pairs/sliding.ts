import { collectList, count } from '../../structured/builders/aggregate.ts';
import { window } from '../../structured/builders/windows.ts';
import type { Pair } from '../pair.ts';
import { add, type Counted, countedRow, one } from './counted.ts';
import { groupRow } from './group-row.ts';

/** Counts each key in windows that overlap: a record is in several of them. */
export const sliding: Pair<readonly [key: string, counted: Counted]> = {
  name: 'sliding',
  title: 'Counts in sliding windows',
  summary: 'Windows that overlap: one record in the wrong place is wrong in several rows.',
  measure: 'count',
  modes: ['update', 'append', 'complete'],
  uses: ['windowMs', 'slideMs', 'watermarkMs', 'mode'],
  rowsMatchBy: 'label',
  records: 'events',
  amountOf: () => 1,
  alignMs: ({ windowMs, slideMs }) => (windowMs % slideMs === 0 ? windowMs : slideMs),
  drainMs: ({ windowMs, slideMs }) => windowMs + slideMs,
  dstream: (events, { windowMs, slideMs }) =>
    events.map((event) => [event.key, one(event)] as const).reduceByKeyAndWindow(add, windowMs, slideMs),
  dstreamRow: ([key, counted], batchMs, { windowMs }) => countedRow(key, counted, batchMs, windowMs),
  structured: (events, { windowMs, slideMs, watermarkMs }) =>
    events
      .withWatermark('time', `${watermarkMs} milliseconds`)
      .groupBy(window('time', `${windowMs} milliseconds`, `${slideMs} milliseconds`).alias('window'), 'key')
      .agg(count('*').alias('value'), collectList('id').alias('records')),
  structuredRow: groupRow,
};
