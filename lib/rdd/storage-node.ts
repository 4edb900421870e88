import type { Partitioner } from '../kernel/partitioner.ts';
import type { Done, Emit } from '../kernel/evaluation.ts';
import { collectPartition, pushSlice } from './evaluate.ts';
import { Once } from './once.ts';
import { RddNode, type Taker } from './rdd-node.ts';

/**
 * Stands before a node and, while told to, keeps each partition as an array once it has been computed. Until then it costs one call a
 * partition. This is how `persist()` also reaches RDDs that were derived before it was called.
 */
export class StorageNode<T> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  #kept: Once<T[]>[] | undefined;

  constructor(parent: RddNode<T>, isPersisted = false) {
    super();
    this.kind = parent.kind;
    this.partitions = parent.partitions;
    this.parents = [parent];
    if (isPersisted) this.persist();
  }

  get isPersisted(): boolean {
    return this.#kept !== undefined;
  }

  persist(): void {
    const [parent] = this.parents;
    this.#kept ??= Array.from(
      { length: this.partitions },
      (_, i) => new Once(async () => await collectPartition(parent, i)),
    );
  }

  /** Drops what is kept; the next use computes again. */
  unpersist(): void {
    this.#kept = undefined;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get behind(): RddNode<T> {
    return this.parents[0];
  }

  override count(partition: number): number | Promise<number> | undefined {
    return this.#kept === undefined ? this.parents[0].count(partition) : undefined;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const kept = this.#kept?.[partition];
    if (kept === undefined) return this.parents[0].compute(partition, emit);
    return kept.use((values) => pushSlice(values, 0, values.length, emit));
  }

  override computeTexts(partition: number, taker: Taker<T>): Done {
    if (this.#kept !== undefined) return this.compute(partition, taker.element);
    return this.parents[0].computeTexts(partition, taker);
  }
}
