import type { ErrorEntry } from '../error-entry.ts';

/** Errors of expressions: parsing, types, casts, arithmetic, functions. */
export const sqlErrors = {} as const satisfies Record<string, ErrorEntry>;
