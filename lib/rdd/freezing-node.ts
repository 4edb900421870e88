import type { Done, Emit } from '../kernel/evaluation.ts';
import type { RddNode, Taker } from './rdd-node.ts';
import { StorageNode } from './storage-node.ts';

/**
 * Passes elements on frozen, so that a function which changes its input fails with `RDD_INPUT_CHANGED` where it does so, and not as a wrong
 * number three steps later. Stands behind every step in development mode, and nowhere else: it goes over each element.
 */
export class FreezingNode<T> extends StorageNode<T> {
  constructor(parent: RddNode<T>, isPersisted = false) {
    super(parent, isPersisted);
  }

  override compute(partition: number, emit: Emit<T>): Done {
    return super.compute(partition, (value) => {
      emit(frozen(value));
    });
  }

  override count(): undefined {
    return undefined;
  }

  /** Every element is gone over: none passes by as bytes, or as a number. */
  override computeTexts(partition: number, taker: Taker<T>): Done {
    return this.compute(partition, taker.element);
  }
}

/**
 * Freezes arrays and plain objects with all that is in them, and gives them back. What is frozen already is not gone over again. Maps, sets,
 * dates and bytes have no frozen form: changes to them are not caught.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || !isPlain(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of plain objects of another realm has none itself, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
