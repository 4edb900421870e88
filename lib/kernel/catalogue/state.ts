import type { ErrorEntry } from '../error-entry.ts';

export const stateErrors = {
  STATE_VALUE_UNDEFINED: {
    message: 'undefined cannot be stored, and it stands at {path}.',
    remedy: 'Use null, or leave the property out.',
  },
  STATE_VALUE_UNSUPPORTED: {
    message: '{type} cannot be stored, and it stands at {path}.',
    remedy: 'Store plain data, or give the class a method [toStored]() that returns plain data.',
  },
  STATE_VALUE_CYCLE: {
    message: 'A value that contains itself cannot be stored: {path} leads back to one of its own parents.',
    remedy: 'Store the parts and refer to them by a key.',
  },
  STATE_VALUE_TOO_DEEP: {
    message: 'A value nested more than {limit} levels deep cannot be stored; the limit is passed at {path}.',
    remedy: 'Store a flat form of it.',
  },
  STATE_BYTES_DAMAGED: {
    message: 'Stored bytes cannot be read back: {what} at byte {position}.',
    remedy:
      'The data was cut or changed after it was written: restore the checkpoint from a copy, or start with an empty one.',
    exit: 4,
  },
  STATE_TABLE_TOO_LARGE: {
    message: 'A state table holds {megabytes} MB and cannot grow further.',
    remedy:
      "Use more partitions, so that each holds less, or remove keys that are no longer needed, or set millrace.state.store to 'lmdb-rows'.",
  },
  STATE_VERSION_NOT_RETAINED: {
    message: 'Version {version} of the state is not there: {oldest} to {newest} are retained.',
    remedy: 'Name one of these, or retain more versions from now on.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
