import type { ErrorEntry } from '../error-entry.ts';

/** Errors of running structured queries: sources, sinks, triggers, state, checkpoints. */
export const queryErrors = {} as const satisfies Record<string, ErrorEntry>;
