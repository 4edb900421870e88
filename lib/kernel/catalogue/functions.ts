import type { ErrorEntry } from '../error-entry.ts';

/** Errors of SQL functions. */
export const functionErrors = {
  'WRONG_NUM_ARGS.WITHOUT_SUGGESTION': {
    message: 'The function {function} takes {expected} arguments and was given {actual}.',
    remedy: 'Usage: {usage}.',
  },
  'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE': {
    message: 'The {position} argument of {function} must be {required}, but {argument} is {actual}.',
    remedy: 'Cast it to such a type first; binary text with .cast("string").',
  },
  'DATATYPE_MISMATCH.DATA_DIFF_TYPES': {
    message: 'The arguments of {function} must have one type, but they are {actual}.',
    remedy: 'Cast them to a common type.',
  },
  'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT': {
    message: 'The {position} argument of {function} must be a constant, but it is {argument}.',
    remedy: 'Write a literal there.',
  },
  'DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE': {
    message: 'The {position} argument of {function} must be {range}, but it is {actual}.',
    remedy: 'Use a value in the range.',
  },
} as const satisfies Record<string, ErrorEntry>;
