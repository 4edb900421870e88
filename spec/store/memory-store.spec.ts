import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import { handedOutTablesContract } from '../contracts/handed-out-tables.contract.ts';
import { stateStoreContract } from '../contracts/state-store.contract.ts';
import { firstDifference, steps } from './table-oracle.ts';

stateStoreContract('MemoryStore', () => ({
  open: () => Promise.resolve(new MemoryStore()),
  cleanUp: () => Promise.resolve(),
}));

handedOutTablesContract('MemoryStore', () => ({
  open: () => Promise.resolve(new MemoryStore({ retainVersions: 4 })),
  cleanUp: () => Promise.resolve(),
}));

it('MemoryStore holds what plain maps hold, after any history', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      expect(await firstDifference(new MemoryStore({ retainVersions: 4 }), history)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});
