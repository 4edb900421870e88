/** What the name of a list ends with that holds all before it, too. */
const compacted = '.compact';

/** The name of the list of a batch; `isCompacted`: it holds everything up to this batch. */
export function manifestName(batchId: number, isCompacted: boolean): string {
  return isCompacted ? `${batchId}${compacted}` : String(batchId);
}

/** The batch of a list. */
export function batchOfManifest(name: string): number {
  return Number.parseInt(name, 10);
}

/** Of the names in the folder of the lists, those to be read, in order: from the newest that holds all before it to the end. */
export function manifestsToRead(names: readonly string[]): readonly string[] {
  const ordered = names
    .filter((name) => /^\d+(?:\.compact)?$/u.test(name))
    .toSorted((a, b) => batchOfManifest(a) - batchOfManifest(b) || Number(isWhole(a)) - Number(isWhole(b)));
  return ordered.slice(Math.max(0, ordered.findLastIndex(isWhole)));
}

function isWhole(name: string): boolean {
  return name.endsWith(compacted);
}
