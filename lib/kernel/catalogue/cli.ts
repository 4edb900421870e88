import type { ErrorEntry } from '../error-entry.ts';

export const cliErrors = {} as const satisfies Record<string, ErrorEntry>;
