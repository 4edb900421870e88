import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { stateStoreContract } from '../contracts/state-store.contract.ts';

stateStoreContract('LmdbStore', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'));
  const open = async () => await openCheckpoint(directory, { appName: 'contract' });
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
