import { collectList, sum } from '../../structured/builders/aggregate.ts';
import type { Pair } from '../pair.ts';
import type { CompareRecord } from '../run-model.ts';
import { groupRow } from './group-row.ts';

interface Total {
  readonly total: number;
  readonly records: readonly number[];
}

/** Adds up the values of each key since the beginning. No window, so nothing is ever late. */
export const runningTotal: Pair<readonly [key: string, total: Total]> = {
  name: 'running-total',
  title: 'A total for each user since the beginning',
  summary: 'No window and no event time: late or not, every record is in the total once, in both.',
  measure: 'total',
  modes: ['update', 'complete'],
  uses: ['mode'],
  rowsMatchBy: 'label',
  records: 'events',
  amountOf: ({ value }) => value,
  alignMs: ({ batchMs }) => batchMs,
  drainMs: ({ batchMs }) => batchMs,
  dstream: (events) =>
    events
      .map((event) => [event.key, event] as const)
      .updateStateByKey(totalWith)
      .name('totals'),
  dstreamRow: ([label, { total, records }]) => ({ label, value: total, records: records.toSorted((a, b) => a - b) }),
  structured: (events) => events.groupBy('key').agg(sum('value').alias('value'), collectList('id').alias('records')),
  structuredRow: groupRow,
};

function totalWith(added: readonly CompareRecord[], before: Total | null): Total {
  return {
    total: added.reduce((total, { value }) => total + value, before?.total ?? 0),
    records: [...(before?.records ?? []), ...added.map(({ id }) => id)],
  };
}
