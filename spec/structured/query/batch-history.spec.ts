import { expect, it } from '@jest/globals';
import { ManualClock } from '../../../lib/index.ts';
import { MemoryStore } from '../../../lib/store/memory-store.ts';
import { BatchHistory, historyOperator, historyTable } from '../../../lib/structured/query/batch-history.ts';

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
