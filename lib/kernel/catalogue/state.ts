import type { ErrorEntry } from '../error-entry.ts';

export const stateErrors = {} as const satisfies Record<string, ErrorEntry>;
