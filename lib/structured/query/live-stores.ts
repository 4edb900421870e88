import { type CheckpointFactory, openCheckpointReader } from '../../batch/checkpoint.ts';
import { raise } from '../../kernel/errors.ts';
import type { StateStore } from '../../store/state-store.ts';
import { type StateView, viewOfReader, viewOfStore } from '../state-reader/state-view.ts';

/** Stores of queries that run in this process, by the directory of their checkpoint. */
const live = new Map<string, StateStore>();

/** Lets readers of state see the store of a query that runs; returns what ends that. */
export function showStore(directory: string, store: StateStore): () => void {
  const name = plain(directory);
  live.set(name, store);
  return () => {
    if (live.get(name) === store) live.delete(name);
  };
}

/** A checkpoint for reading: that of a query that runs here, one that a test keeps in memory, or one on disk. */
export function openStateView(directory: string, factory: CheckpointFactory | undefined): StateView {
  const running = live.get(plain(directory));
  if (running !== undefined) return viewOfStore(running);
  if (factory?.peek === undefined) return viewOfReader(openCheckpointReader(directory));
  return viewOfStore(factory.peek(directory) ?? raise('CHECKPOINT_NOT_FOUND', { directory }));
}

function plain(directory: string): string {
  return directory.replace(/^file:(?:\/\/)?(?=\/)/u, '').replace(/(?<=.)\/+$/u, '');
}
