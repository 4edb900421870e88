import type { BatchInfo } from '../../streaming/events.ts';

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
  const time = new Date(batch.batchTime).toLocaleTimeString('en-GB');
  const late = batch.schedulingDelay ?? 0;
  return `${time}  ${number(batch.numRecords)} records in ${number(batch.processingDelay ?? 0)} ms, ${number(late)} ms late  |  batch ${number(totals.batches)}, ${number(totals.records)} records`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
