import type { ErrorEntry } from '../error-entry.ts';

/** Errors of the physical operators of structured queries: functions of the program, state that does not fit. */
export const operatorErrors = {
  QUERY_FUNCTION_FAILED: {
    message: '{function} failed in {operator} of batch {batchId}{place}: {reason}.',
    remedy: 'Mend the function, or guard it against this input; the batch runs again at the next start.',
  },
  STATE_NOT_THERE: {
    message: '{call} was called for a key that has no state.',
    remedy: 'Ask exists first.',
  },
  STATE_TIMEOUT_INVALID: {
    message: '{call} was given {given}: {why}.',
    remedy: 'Set a later time, or the kind of timeout that the operator was declared with.',
  },
  STATE_VARIABLE_INVALID: {
    message: 'The state variable {name}: {why}.',
    remedy: 'Declare each state variable once, in init, with a name of its own.',
  },
} as const satisfies Record<string, ErrorEntry>;
