import type { ErrorEntry } from '../error-entry.ts';

export const configErrors = {
  CONFIG_DURATION: {
    message: '{value} is not a duration.',
    remedy: "Use milliseconds above 0 or text such as '500 ms', '10 seconds', '1 hour 30 minutes'.",
    exit: 2,
  },
  CONFIG_VALUE: {
    message: 'Option {name} cannot be {value}.',
    remedy: 'Use {expected}.',
    exit: 2,
  },
  CONFIG_UNKNOWN_KEY: {
    message: 'There is no configuration key {key}.',
    remedy: '{suggestion}',
    exit: 2,
  },
  NOT_YET: {
    message: '{feature} is not in this version.',
    remedy: '{instead}',
    exit: 2,
  },
  INTERNAL_INVARIANT: {
    message: 'Internal fault: {what}.',
    remedy: 'This is a fault of Millrace: please report it with this text.',
    exit: 70,
  },
} as const satisfies Record<string, ErrorEntry>;
