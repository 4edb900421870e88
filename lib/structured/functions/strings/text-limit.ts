import { raise } from '../../../kernel/errors.ts';

/** Characters of one value: a text of JavaScript may not be much longer, and filling one holds up everything else. */
const MOST_CHARACTERS = 100_000_000;

/** Refuses to make a value of so many characters or bytes. */
export function checkLength(functionName: string, count: number): void {
  if (count > MOST_CHARACTERS)
    raise('COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION', { function: functionName, count, limit: MOST_CHARACTERS });
}
