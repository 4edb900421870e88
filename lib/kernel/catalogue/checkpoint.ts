import type { ErrorEntry } from '../error-entry.ts';

export const checkpointErrors = {} as const satisfies Record<string, ErrorEntry>;
