import { window } from '../../structured/builders/windows.ts';
import type { Pair } from '../pair.ts';
import type { ResultRow } from '../run-model.ts';

type Joined = readonly [key: string, ids: readonly [left: number, right: number]];

/** Joins orders with the payments of the same window. */
export const join: Pair<Joined> = {
  name: 'join',
  title: 'Orders with their payments',
  summary: 'Two streams joined within a window: a payment that arrives in the next window finds no order.',
  measure: 'pairs',
  modes: ['append'],
  uses: ['windowMs', 'watermarkMs', 'mode'],
  rowsMatchBy: 'label',
  records: 'halves',
  rowsAdd: true,
  hasGrid: true,
  leftOut: 'found no partner for it',
  // Half a pair.
  amountOf: () => 0.5,
  alignMs: ({ windowMs }) => windowMs,
  drainMs: ({ windowMs }) => windowMs,
  dstream: (events, { windowMs }) => {
    const side = (stream: 'left' | 'right') =>
      events
        .filter((event) => event.stream === stream)
        .map(({ key, id }) => [key, id] as const)
        .window(windowMs, windowMs);
    return side('left').join(side('right'));
  },
  dstreamRow: ([key, [left, right]]) => joinedRow(key, left, right),
  structured: (events, { windowMs, watermarkMs }) => {
    const side = (stream: 'left' | 'right') =>
      events
        .where(`stream = '${stream}'`)
        .withWatermark('time', `${watermarkMs} milliseconds`)
        .select(window('time', `${windowMs} milliseconds`).alias('window'), 'key', 'id')
        .withColumnRenamed('id', stream);
    return side('left').join(side('right'), ['window', 'key']);
  },
  structuredRow: (row) => joinedRow(String(row['key']), Number(row['left']), Number(row['right'])),
};

function joinedRow(key: string, left: number, right: number): ResultRow {
  return { label: `${key} (${left}+${right})`, value: 1, records: [left, right].toSorted((a, b) => a - b) };
}
