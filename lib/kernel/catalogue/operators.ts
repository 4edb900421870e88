import type { ErrorEntry } from '../error-entry.ts';

/** Errors of the physical operators of structured queries: functions of the program, state that does not fit. */
export const operatorErrors = {
  QUERY_FUNCTION_FAILED: {
    message: '{function} failed in {operator} of batch {batchId}{place}: {reason}.',
    remedy: 'Mend the function, or guard it against this input; the batch runs again at the next start.',
  },
  'STATE_STORE_KEY_SCHEMA_NOT_COMPATIBLE': {
    message: 'The state of {operator} has the key {stored}, but the query now asks for {wanted}.',
    remedy: 'Restore the grouping of the query, or start it on a new checkpoint.',
    exit: 4,
  },
  'STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE': {
    message: 'The state of {operator} holds {stored}, but the query now asks for {wanted}.',
    remedy: 'Restore the aggregates or the state of the query, or start it on a new checkpoint.',
    exit: 4,
  },
  STATE_TIMEOUT_INVALID: {
    message: '{call} was given {given}: {why}.',
    remedy: 'Set a later time, or the kind of timeout that the operator was declared with.',
  },
  STATE_VARIABLE_INVALID: {
    message: 'The state variable {name}: {why}.',
    remedy: 'Declare each state variable once, in init, with a name of its own.',
  },
  QUERY_JOIN_WITHOUT_EQUALITY: {
    message: 'A join of two streams has no equality between a column of the left and one of the right: {condition}.',
    remedy: 'Add one to the join condition.',
  },
} as const satisfies Record<string, ErrorEntry>;
