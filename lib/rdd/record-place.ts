import { MillraceError } from '../kernel/errors.ts';
import type { ElementElsewhere, RddNode } from './rdd-node.ts';

/**
 * The error of element `index` of a partition, told also which record of the source the element comes from.
 *
 * Sources add the place to what is thrown while they push a record. An operator that works on elements after the source has let go of
 * them cannot throw at that moment; so, once something has failed, the partition is gone over once more and the error thrown in its place.
 * What comes from a shuffle, a state or a window has no place, and keeps the error as it is.
 */
export async function placed(
  parent: RddNode<unknown>,
  partition: number,
  index: number,
  error: unknown,
): Promise<unknown> {
  const elsewhere = parent.elsewhere(partition, index);
  if (elsewhere !== undefined) return new ReadElsewhere(error, elsewhere);
  let seen = 0;
  try {
    await parent.compute(partition, () => {
      if (seen === index) throw error;
      seen += 1;
    });
  } catch (thrown) {
    // Anything else failed on the second way: the first error is the one to tell.
    return isSame(thrown, error) ? thrown : error;
  }
  return error;
}

/** An error with a record that another thread has read: that one can say which it is. */
export class ReadElsewhere {
  readonly error: unknown;
  readonly record: ElementElsewhere;

  constructor(error: unknown, record: ElementElsewhere) {
    this.error = error;
    this.record = record;
  }
}

/** Whether one is the other, told more about where it happened. */
function isSame(thrown: unknown, error: unknown): boolean {
  if (thrown === error) return true;
  if (!(thrown instanceof MillraceError)) return false;
  return thrown.cause === error || (error instanceof MillraceError && thrown.params === error.params);
}
