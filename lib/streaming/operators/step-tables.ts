/**
 * Tables that say how far a step is, not what it has for a key: they have no partitions. Where threads share a state out each of them has these
 * as a whole, and writes the same into them.
 */
export const stepTables: ReadonlySet<string> = new Set(['progress', 'slice-index']);
