import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import { handedOutTablesContract } from '../contracts/handed-out-tables.contract.ts';

/** Compacts all the time and in many steps, as a large table would. */
const eager = { dueBytes: 200, dueDeltas: 2, segmentBytes: 200, stepBytes: 300 };

handedOutTablesContract(
  'the durable store',
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-handed-out-'));
    const open = async (): Promise<StateStore> =>
      await openCheckpoint(directory, { appName: 'contract', retainVersions: 4, compaction: eager });
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
  },
  10,
);
