import type { ErrorEntry } from '../error-entry.ts';

export const compareErrors = {
  COMPARE_UNEXPECTED: {
    message: 'The results are {actual}, and --expect says {expected}.',
    remedy: 'The report names the rows and the records.',
    exit: 5,
  },
  COMPARE_PAIR_UNKNOWN: {
    message: 'There is no pair {name}.',
    remedy: 'Pairs: {known}. Programs of your own are named with --dstream FILE --structured FILE.',
    exit: 2,
  },
  COMPARE_PROGRAM: {
    message: 'The {engine} program cannot be compared: {problem}.',
    remedy:
      'Its default export is a function (events, settings) that gives a DStream of row objects, or a DataFrame, with the columns value, records, and window where there is one. docs/compare.md shows both.',
    exit: 2,
  },
  COMPARE_RECORD: {
    message: 'Line {line} of the data is no record: {problem}.',
    remedy: 'A line is a JSON object with time, and if they matter key, value, arrival, partition and stream.',
    exit: 2,
  },
  COMPARE_PAGE: {
    message: 'The page cannot be made: {problem}.',
    remedy: 'A program in a page may import millrace, millrace/functions and what runs in a browser; nothing of Node.',
    exit: 2,
  },
  COMPARE_TOO_LONG: {
    message: 'From the first record to the last there would be {batches} batches, more than {most}.',
    remedy: 'Use a longer --interval, or records that are closer together.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
