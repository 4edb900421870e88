import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import type { StoreSetup } from '../contracts/state-store.contract.ts';

/** A store in a folder of its own, for the contracts of stores. */
export function durableStore(options: Omit<Parameters<typeof openCheckpoint>[1], 'appName'>): StoreSetup {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'));
  const open = async (): Promise<StateStore> => await openCheckpoint(directory, { appName: 'contract', ...options });
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
}
