import type { ErrorEntry } from '../error-entry.ts';

export const learnErrors = {
  LEARN_UNKNOWN_LESSON: {
    message: 'There is no lesson {name}.',
    remedy: '{hint}millrace learn lists them all.',
    exit: 2,
  },
  LEARN_PROGRAM: {
    message: '{path} has no function as default export.',
    remedy: 'Keep the form of the program as given: export default an async function that takes the desk.',
    exit: 2,
  },
  LEARN_NOT_SOLVED: {
    message: 'The task of {lesson} is not solved: {problem}.',
    remedy: '{hint}',
  },
  LEARN_BUSY: {
    message: '{runs} programs of lessons wait for their turn already.',
    remedy: 'Ask again in a moment: they run one after the other.',
    retriable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
