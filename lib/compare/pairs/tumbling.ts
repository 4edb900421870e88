import { collectList, count } from '../../structured/builders/aggregate.ts';
import { window } from '../../structured/builders/windows.ts';
import type { Pair } from '../pair.ts';
import { add, type Counted, countedRow, one } from './counted.ts';
import { groupRow } from './group-row.ts';

/** Counts each key in windows that follow one another. */
export const tumbling: Pair<readonly [key: string, counted: Counted]> = {
  name: 'tumbling',
  title: 'Counts in tumbling windows',
  summary: 'The same counts by key, in windows of arrival time and in windows of event time.',
  measure: 'count',
  modes: ['update', 'append', 'complete'],
  uses: ['windowMs', 'watermarkMs', 'mode'],
  rowsMatchBy: 'label',
  records: 'events',
  amountOf: () => 1,
  alignMs: ({ windowMs }) => windowMs,
  drainMs: ({ windowMs }) => windowMs,
  dstream: (events, { windowMs }) =>
    events.map((event) => [event.key, one(event)] as const).reduceByKeyAndWindow(add, windowMs, windowMs),
  dstreamRow: ([key, counted], batchMs, { windowMs }) => countedRow(key, counted, batchMs, windowMs),
  structured: (events, { windowMs, watermarkMs }) =>
    events
      .withWatermark('time', `${watermarkMs} milliseconds`)
      .groupBy(window('time', `${windowMs} milliseconds`).alias('window'), 'key')
      .agg(count('*').alias('value'), collectList('id').alias('records')),
  structuredRow: groupRow,
};
