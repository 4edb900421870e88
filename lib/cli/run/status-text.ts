import type { BatchInfo } from '../../streaming/events.ts';
import type { StreamingQueryProgress } from '../../structured/query/progress.ts';

/**
 * The status line after a batch, the most telling first: a narrow terminal cuts off the end.
 *
 * @example
 * '12:00:05  1,204 records in 38 ms, 2 ms late  |  batch 17, 20,112 records'
 */
export function describeBatch(
  batch: BatchInfo,
  totals: { readonly batches: number; readonly records: number },
): string {
  const time = clockTime(batch);
  const late = batch.schedulingDelay ?? 0;
  return `${time}  ${number(batch.numRecords)} records in ${number(batch.processingDelay ?? 0)} ms, ${number(late)} ms late  |  batch ${number(totals.batches)}, ${number(totals.records)} records`;
}

/** @example '12:00:05  catching up, 1,200 empty batches so far' */
export function describeCatchUp(batch: BatchInfo, batches: number): string {
  return `${clockTime(batch)}  catching up, ${number(batches)} empty batches so far`;
}

/** @example '12:00:05  1,204 rows in 38 ms, watermark 11:59:50  |  batch 17, 20,112 rows' */
export function describeQueryBatch(
  { timestamp, numInputRows, batchDuration, eventTime }: StreamingQueryProgress,
  totals: { readonly batches: number; readonly records: number },
): string {
  const time = new Date(timestamp).toLocaleTimeString('en-GB');
  const watermark = eventTime['watermark'] === undefined ? '' : `, watermark ${eventTime['watermark']}`;
  return `${time}  ${number(numInputRows)} rows in ${number(batchDuration)} ms${watermark}  |  batch ${number(totals.batches)}, ${number(totals.records)} rows`;
}

function clockTime(batch: BatchInfo): string {
  return new Date(batch.batchTime).toLocaleTimeString('en-GB');
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
