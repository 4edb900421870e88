import type { Done, Emit } from '../kernel/evaluation.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import type { TextRows } from '../io/text-rows.ts';

/** Somebody who takes elements one by one, and also whole blocks of them as texts in bytes. */
export interface Taker<T> {
  readonly element: Emit<T>;
  readonly texts: Emit<TextRows<T>>;
}

/** An element of what a step of another thread was given at a time. */
export interface ElementElsewhere {
  readonly operator: string;
  readonly time: number;
  /** Of the node it was given to, from that of the step down: which parent at each step. */
  readonly path: readonly number[];
  readonly partition: number;
  /** Its number in the partition. */
  readonly element: number;
}

/**
 * One immutable, partitioned data set, described and not yet computed. Nodes are complete when constructed and may be evaluated
 * again; what is costly or has effects (shuffles, state, persisted data) is evaluated once and held by its node.
 *
 * `compute` pushes every element of one partition, in order, and returns a promise only where it has to wait (a source that is
 * still reading). Narrow operators wrap `emit` and hand the call to their parent, so a chain is one nest of closures:
 * no array and no promise per element.
 */
export abstract class RddNode<T> {
  /** What made it, for `toDebugString` and errors: the method's name. */
  abstract readonly kind: string;
  abstract readonly partitions: number;
  abstract readonly parents: readonly RddNode<unknown>[];

  /** Where the pair of each key stands; undefined where nobody knows. Who relies on it moves nothing. */
  get partitioner(): Partitioner | undefined {
    return undefined;
  }

  /** Whether a partition is made of the partition of the same number of its only parent, and of nothing else. */
  get isNarrow(): boolean {
    return false;
  }

  /** By what it moves the pairs of its parents to the partitions of their keys; undefined for a node that moves none. */
  get movesBy(): Partitioner | undefined {
    return undefined;
  }

  /** Has it take the pairs of a parent that belong here from elsewhere, moved already. To be said before it is computed; only where it moves any. */
  takeMoved(_parent: number, _pairs: RddNode<unknown>): void {
    // Nothing is moved.
  }

  /** The node whose elements this one hands on as they are; undefined for one that makes its own. */
  get behind(): RddNode<T> | undefined {
    return undefined;
  }

  abstract compute(partition: number, emit: Emit<T>): Done;

  /** How many elements a partition has, from a node that knows it without making them; undefined from any other. */
  count(_partition: number): number | Promise<number> | undefined {
    return undefined;
  }

  /** What element `index` of a partition is where it was read; undefined where that is here. */
  elsewhere(_partition: number, _index: number): ElementElsewhere | undefined {
    return undefined;
  }

  /** The first elements of a partition, from a node that gets at them without the others; undefined from any other. */
  head(_partition: number, _limit: number): Promise<readonly T[] | undefined> | undefined {
    return undefined;
  }

  /**
   * As `compute`, for somebody who can work on bytes. Each element comes once, in order, in either way: a node that knows nothing of bytes
   * gives elements, and so does a block of a source that has none.
   */
  computeTexts(partition: number, taker: Taker<T>): Done {
    return this.compute(partition, taker.element);
  }
}

/** The node that made the elements, behind all that only keep or watch them. */
export function makerOf<T>(node: RddNode<T>): RddNode<T> {
  let origin = node;
  while (origin.behind !== undefined) origin = origin.behind;
  return origin;
}
