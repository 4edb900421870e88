/**
 * The batches that hold of a program that is stepped through. Going back by a batch starts the program anew: each run after the first takes
 * the place of the last batch before it.
 *
 * @example
 * steppedBatches([[1, 2, 3], [3, 4]], (batch) => batch)   // => [1, 2, 3, 4]
 */
export function steppedBatches<T>(runs: readonly (readonly T[])[], idOf: (batch: T) => number): readonly T[] {
  const held = new Map<number, T>();
  runs.forEach((batches, run) => {
    const newest = [...held.keys()].at(-1);
    if (run > 0 && newest !== undefined) held.delete(newest);
    for (const batch of batches) {
      held.delete(idOf(batch));
      held.set(idOf(batch), batch);
    }
  });
  return [...held.values()];
}
