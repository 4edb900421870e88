import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import { stateStoreContract } from '../contracts/state-store.contract.ts';
import { firstDifference, steps } from '../store/table-oracle.ts';

/** Compacts all the time and in many steps, as a large table would. */
const eager = { dueBytes: 200, dueDeltas: 3, segmentBytes: 100, stepBytes: 150 };

stateStoreContract('LmdbStore', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'));
  const open = async (): Promise<StateStore> => await openCheckpoint(directory, { appName: 'contract' });
  return {
    open,
    reopen: async (store) => {
      await store.close();
      return await open();
    },
    cleanUp: async () => {
      rmSync(directory, { recursive: true, force: true });
      await Promise.resolve();
    },
  };
});

it('LmdbStore holds what plain maps hold, after any history with restarts, rollbacks and compactions', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const directory = mkdtempSync(join(tmpdir(), 'millrace-oracle-'));
      const open = async (): Promise<StateStore> =>
        await openCheckpoint(directory, { appName: 'oracle', retainVersions: 4, compaction: eager });
      let last = await open();
      try {
        const difference = await firstDifference(last, history, async (store) => {
          await store.close();
          last = await open();
          return last;
        });
        expect(difference).toBeUndefined();
      } finally {
        await last.close();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
