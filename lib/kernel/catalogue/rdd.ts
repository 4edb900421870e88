import type { ErrorEntry } from '../error-entry.ts';

export const rddErrors = {
  RDD_FUNCTION_FAILED: {
    message: 'The function of {operator} threw: {reason}.',
    remedy: 'The cause holds the original error with its stack.',
  },
  RDD_FUNCTION_RETURNED_PROMISE: {
    message: 'The function of {operator} returned a promise.',
    remedy: 'Functions on elements are synchronous: do the waiting in mapAsync before, and use its results here.',
  },
  RDD_INPUT_CHANGED: {
    message: 'The function of {operator} changed a value that is frozen: {reason}.',
    remedy: 'Other steps and a rerun of the batch see the same object: make a new one, for example by spreading it.',
  },
  RDD_CALL_TIMEOUT: {
    message: 'A call of {operator} did not end within {timeout} ms.',
    remedy: 'Make it faster, or raise the timeout of mapAsync; its retries make such a call again.',
    retriable: true,
  },
  RDD_NOT_ITERABLE: {
    message: 'The function of {operator} returned {kind}, which is no list.',
    remedy: 'Return an array or another iterable; an empty one for nothing.',
  },
  RDD_NOT_A_TEXT: {
    message: '{operator} works on texts, or on records with a text as their value, and was given {kind}.',
    remedy: 'Make a text of each element first with map; of Kafka, read values as utf8.',
  },
  RDD_NOT_A_PAIR: {
    message: '{operator} works on pairs and was given {kind}.',
    remedy: 'Make [key, value] of each element first, for example with map or keyBy.',
  },
  RDD_NOT_COMPARABLE: {
    message: '{operator} cannot order {left} and {right}.',
    remedy: 'Order by numbers, texts, booleans, bigints, dates, or arrays of these, all of one kind.',
  },
  RDD_EMPTY_COLLECTION: {
    message: '{operator} needs at least one element and the RDD is empty.',
    remedy: 'Ask isEmpty() first, or use fold with a value for the empty case.',
  },
  RDD_ZERO_VALUE: {
    message: 'The first value of {operator} cannot be copied for each key and partition: {kind}.',
    remedy: 'Use null, a number, a text, a boolean, a bigint, or an array, plain object, Map, Set or Date of these.',
  },
  RDD_ARGUMENT: {
    message: '{operator} cannot take {given} as {name}.',
    remedy: 'Use {expected}.',
    exit: 2,
  },
  RDD_FRACTION_MISSING: {
    message: '{operator} was given no fraction for the key {key}.',
    remedy: 'Give one for every key that occurs; 0 leaves a key out.',
  },
  RDD_OBJECT_LINE: {
    message: 'A line of an object file cannot be read: {line}.',
    remedy: 'Read with objectFile what saveAsObjectFile wrote, and text with textFile.',
  },
  RDD_PARTITIONER: {
    message: 'The partitioner of {operator} put a key into partition {given} of {numPartitions}.',
    remedy: 'partitionOf must give a whole number from 0 up to, and not including, numPartitions.',
  },
  RDD_ZIP_LENGTHS: {
    message: '{operator} needs the same number of {what} on both sides, and there are {left} and {right}.',
    remedy: 'zip joins by position: make both from the same RDD with map, or join by key.',
  },
} as const satisfies Record<string, ErrorEntry>;
