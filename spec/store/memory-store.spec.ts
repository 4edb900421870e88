import { MemoryStore } from '../../lib/store/memory-store.ts';
import { stateStoreContract } from '../contracts/state-store.contract.ts';

stateStoreContract('MemoryStore', () => ({
  open: () => Promise.resolve(new MemoryStore()),
  cleanUp: () => Promise.resolve(),
}));
