import type { ErrorEntry } from '../error-entry.ts';

export const brokerErrors = {} as const satisfies Record<string, ErrorEntry>;
