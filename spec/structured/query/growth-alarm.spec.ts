import { describe, expect, it } from '@jest/globals';
import { GrowthAlarm } from '../../../lib/structured/query/growth-alarm.ts';

const metrics = {
  rowsUpdated: 1,
  rowsRemoved: 0,
  rowsDroppedByWatermark: 0,
  lateRows: 0,
  rowsEvicted: 0,
  bytesEvicted: 0,
  watermarkUs: undefined,
  lateWatermarkUs: undefined,
  memoryUsedBytes: 0,
  customMetrics: {},
};

/** After which batches (from 1) an alarm over 4 batches goes, for the rows that the state has after each. */
function alarms(rows: readonly number[], evicted: readonly number[] = [], batches = 4): readonly number[] {
  const told: number[] = [];
  let batch = 0;
  const alarm = new GrowthAlarm(batches, (text) => {
    expect(text).toMatch(/^\[QUERY_STATE_GROWS\] The state of aggregate grew in \d of the last 4 batches/u);
    told.push(batch);
  });
  for (const [i, rowsTotal] of rows.entries()) {
    batch = i + 1;
    alarm.look([
      { id: 'aggregate', name: 'stateStoreSave', metrics: { ...metrics, rowsTotal, rowsEvicted: evicted[i] ?? 0 } },
    ]);
  }
  return told;
}

describe('the alarm of state that only grows', () => {
  it.each<[string, number[], number[], number[]]>([
    ['goes once in so many batches', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [], [5, 9]],
    ['goes when every other batch is one without data', [1, 2, 2, 3, 3], [], [5]],
    ['does not go when growth has come to its end', [1, 2, 2, 2, 2, 2, 2, 2, 2], [], []],
    ['does not go when rows go', [1, 2, 3, 2, 3, 4, 3, 4, 5], [], []],
    ['does not go when as many rows go as come', [1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 1, 0, 0, 0], []],
  ])('%s', (_, rows, evicted, expected) => {
    expect(alarms(rows, evicted)).toEqual(expected);
  });

  it('can be turned off', () => {
    expect(alarms([1, 2, 3, 4, 5, 6, 7, 8], [], 0)).toEqual([]);
  });
});
