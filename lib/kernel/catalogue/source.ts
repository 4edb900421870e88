import type { ErrorEntry } from '../error-entry.ts';

export const sourceErrors = {
  SOURCE_UNKNOWN_FORMAT: {
    message: 'There is no connector {format} to {action}.',
    remedy: 'Known: {known}.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
