import { type MillraceError, failure, located, messageOf } from '../kernel/errors.ts';

/**
 * The error for what a user's function threw inside `operator`. The original is its `cause`. An error that already has a code
 * keeps it and only learns where it happened.
 *
 * Each operator wraps the user's call and nothing else: an error that comes back through `emit` belongs to a later step.
 */
export function functionFailed(operator: string, error: unknown): MillraceError {
  const known = located(error, { operator });
  if (known !== undefined) return known;
  const code = isFrozenWrite(error) ? 'RDD_INPUT_CHANGED' : 'RDD_FUNCTION_FAILED';
  return failure(code, { operator, reason: messageOf(error) }, { cause: error, where: { operator } });
}

/** What JavaScript throws at a write to a frozen object. It has no code of its own, so its words are all there is to know it by. */
const frozenWrite = /read only property|object is not extensible|Cannot (?:delete|redefine) property/u;

function isFrozenWrite(error: unknown): boolean {
  // Not `instanceof`: a function may come from another realm.
  return error !== null && typeof error === 'object' && Reflect.get(error, 'name') === 'TypeError'
    ? frozenWrite.test(messageOf(error))
    : false;
}

/** Refuses a promise where only a value makes sense: an async predicate would keep everything, an async sum would add promises. */
export function refusePromise(operator: string, result: unknown): void {
  if (!isThenable(result)) return;
  // Nobody else will ever look at it: its rejection must not end the process.
  result.then(undefined, () => undefined);
  throw failure('RDD_FUNCTION_RETURNED_PROMISE', { operator }, { where: { operator } });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** What a value is, for the text of an error. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no prototype'})`;
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}
