import type { CheckpointFactory, CheckpointOptions } from '../batch/checkpoint.ts';
import type { StateStore } from '../store/state-store.ts';
import { MemoryStore } from '../store/memory-store.ts';

/**
 * Checkpoint directories in memory, for as long as this object lives: a context that stops leaves its store as a process leaves its
 * files, and the next one that opens the same directory goes on from what was committed.
 *
 * @example
 * const checkpoints = new MemoryCheckpoints();
 * new StreamingContext({ appName: 'test', batchInterval: 1000, clock, openCheckpoint: checkpoints.open });
 */
export class MemoryCheckpoints {
  readonly #stores = new Map<string, PersistentMemoryStore>();

  readonly open: CheckpointFactory = Object.assign(this.#open.bind(this), {
    peek: (directory: string) => this.#stores.get(directory),
  });

  async #open(directory: string, options: CheckpointOptions): Promise<StateStore> {
    const known = this.#stores.get(directory);
    const store =
      known ??
      new PersistentMemoryStore(
        options.retainVersions === undefined
          ? { clock: options.clock }
          : { clock: options.clock, retainVersions: options.retainVersions },
      );
    this.#stores.set(directory, store);
    return await Promise.resolve(store);
  }
}

class PersistentMemoryStore extends MemoryStore {
  /** What was not committed is lost with the process; everything else stays. */
  override close(): Promise<void> {
    this.discard();
    return Promise.resolve();
  }
}
