import type { ErrorEntry } from '../error-entry.ts';

export const streamErrors = {} as const satisfies Record<string, ErrorEntry>;
