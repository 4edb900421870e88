import type { ErrorEntry } from '../error-entry.ts';

/** Errors of the structured plan: names, types of columns, what a stream does not allow. */
export const analysisErrors = {} as const satisfies Record<string, ErrorEntry>;
