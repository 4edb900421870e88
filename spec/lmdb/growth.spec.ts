import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { record } from '../contracts/state-store.contract.ts';

it('the data file does not grow under a steady run, and old versions go', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-growth-'));
  const compaction = { dueBytes: 20_000, dueDeltas: 50, segmentBytes: 8000, stepBytes: 16_000 };
  const store = await openCheckpoint(directory, { appName: 'growth', retainVersions: 3, compaction });
  const table = store.table<string, unknown>('op', 't');
  const window = store.table<number, unknown>('window', 't');
  const sizes: number[] = [];
  try {
    for (let version = 1; version <= 400; version++) {
      for (let i = 0; i < 40; i++)
        table.update(`key-${(version * 37 + i * 11) % 1500}`, () => [version, 'x'.repeat(i)]);
      // A window: a slice comes, a slice goes.
      window.put(
        version,
        Array.from({ length: 50 }, (_, i) => `${version}-${i}`),
      );
      window.remove(version - 20);
      store.commit(record(version));
      store.maintain();
      if (version % 100 === 0) sizes.push(statSync(join(directory, 'data.mdb')).size);
    }
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
  expect(Math.max(...sizes)).toBeLessThan(1.2 * (sizes[0] ?? 0));
  expect(window.size).toBe(20);
}, 60_000);
