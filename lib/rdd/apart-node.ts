import type { Partitioner } from '../kernel/partitioner.ts';
import { countPartition } from './actions/count.ts';
import type { Done, Emit } from '../kernel/evaluation.ts';
import { RddNode } from './rdd-node.ts';

/** Pushes what was made of a partition. */
export type Each<T> = (emit: Emit<T>) => Done;

/** Partitions of one node as threads beside this one make them. */
export interface ApartPartitions<R> {
  /** What was made of a partition; undefined where it can only be made here. The first call has all of them made at once. */
  get(partition: number): Promise<R | undefined>;
}

/** What threads make of the partitions of a node. */
export interface ApartSides<T> {
  readonly elements: ApartPartitions<Each<T>>;
  readonly counts: ApartPartitions<number>;
  /** The first elements of a partition, where it is worth asking for them alone. */
  readonly heads?: ((partition: number, limit: number) => Promise<readonly T[] | undefined>) | undefined;
}

/**
 * A node whose partitions are computed by other threads, which have built the same node. It looks like the node itself; where the threads
 * cannot compute a partition, the node does.
 */
export class ApartNode<T> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly RddNode<unknown>[];
  /** The node, as it would be computed here. */
  readonly here: RddNode<T>;
  readonly #elements: ApartPartitions<Each<T>>;
  readonly #counts: ApartPartitions<number>;
  readonly #heads: ApartSides<T>['heads'];

  constructor(here: RddNode<T>, { elements, counts, heads }: ApartSides<T>) {
    super();
    this.kind = here.kind;
    this.partitions = here.partitions;
    this.parents = here.parents;
    this.here = here;
    this.#elements = elements;
    this.#counts = counts;
    this.#heads = heads;
  }

  override get behind(): RddNode<T> {
    return this.here;
  }

  override get partitioner(): Partitioner | undefined {
    return this.here.partitioner;
  }

  async compute(partition: number, emit: Emit<T>): Promise<void> {
    const each = await this.#elements.get(partition);
    await (each === undefined ? this.here.compute(partition, emit) : each(emit));
  }

  override head(partition: number, limit: number): Promise<readonly T[] | undefined> | undefined {
    return this.#heads?.(partition, limit);
  }

  override async count(partition: number): Promise<number> {
    return (await this.#counts.get(partition)) ?? (await countPartition(this.here, partition));
  }
}
