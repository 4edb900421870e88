/**
 * Where a durable store keeps state while the program runs: `memory-table` all of it in memory, with its changes in the file;
 * `lmdb-rows` in the file, a row for each key, with the keys that batches touch in memory. A directory keeps its kind.
 */
export const stateStoreKinds = ['memory-table', 'lmdb-rows'] as const;

export type StateStoreKind = (typeof stateStoreKinds)[number];
