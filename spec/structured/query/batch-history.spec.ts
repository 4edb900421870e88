import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../lib/index.ts';
import { MemoryStore } from '../../../lib/store/memory-store.ts';
import {
  BatchHistory,
  historyOperator,
  historyTable,
  reachesBack,
} from '../../../lib/structured/query/batch-history.ts';

const entry = { watermarkMs: 0, lateWatermarkMs: 0, nextWatermarkMs: 0, closed: {}, late: {} };
const move = { column: 'ts', isIdle: false };

it('keeps the last 1000 batches in which something happened, also those of before a restart', () => {
  const store = new MemoryStore({ clock: new ManualClock() });
  const history = new BatchHistory(store);
  for (let batch = 0; batch < 1200; batch += 2) {
    history.record(batch, { ...entry, move });
    history.record(batch + 1, entry);
  }
  const again = new BatchHistory(store);
  for (let batch = 1200; batch < 1800; batch++) again.record(batch, { ...entry, late: { aggregate: [[0, 1, 1]] } });
  const table = store.table<number, unknown>(historyOperator, historyTable);
  expect([table.size, table.has(398), table.has(400), table.has(401), table.has(1799)]).toEqual([
    1000,
    false,
    true,
    false,
    true,
  ]);
});

describe('how far back a history reaches', () => {
  it.each([
    ['nothing was let go yet', 999, 3, true],
    ['nothing ever happened', 0, 3, true],
    ['older than the oldest that is kept', 1000, 99, false],
    ['the oldest that is kept', 1000, 100, true],
    ['between two that are kept', 1000, 101, true],
  ])('%s', (_, count, batchId, expected) => {
    const history = Array.from({ length: count }, (_, i) => [100 + 2 * i, entry] as const);
    expect(reachesBack(history, batchId)).toBe(expected);
  });
});
