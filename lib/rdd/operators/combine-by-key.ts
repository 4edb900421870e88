import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { type Aggregator, CombineTable, joinOf } from '../combine-table.ts';
import type { ApartPartitions, EachPair } from '../apart-node.ts';
import { runEach } from '../evaluate.ts';
import { Once } from '../once.ts';
import type { Pair } from '../pair.ts';
import { inPlace, isSamePartitioner } from '../partitioning.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * The values of each key combined into one: the shuffle under every `...ByKey`.
 *
 * Evaluated once and held. Keys of a partition come in order of first appearance. Where the pairs stand in the partitions of this
 * partitioner already, nothing is moved, and each partition is combined by itself when it is asked for.
 */
export class CombineByKeyNode<K, V, C> extends RddNode<[K, C]> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #partitioner: Partitioner;
  readonly #aggregator: Aggregator<V, C>;
  readonly #operator: string;
  readonly #isInPlace: boolean;
  #apart: ApartPartitions<EachPair<K, C>> | undefined;
  /** One for all partitions, or one for each where nothing is moved. */
  readonly #tables: readonly Once<CombineTable<K, V, C>>[];

  constructor(
    parent: RddNode<Pair<K, V>>,
    aggregator: Aggregator<V, C>,
    partitioner: Partitioner,
    operator = 'combineByKey',
    kind = 'combineByKey',
  ) {
    super();
    this.kind = kind;
    this.partitions = partitioner.numPartitions;
    this.parents = [parent];
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#operator = operator;
    this.#isInPlace = isSamePartitioner(parent.partitioner, partitioner);
    const table = (within: Partitioner, fill: (table: CombineTable<K, V, C>) => Promise<void>) =>
      new Once(async () => {
        const filled = new CombineTable<K, V, C>(within, aggregator, operator);
        await fill(filled);
        await filled.finish();
        return filled;
      });
    this.#tables = this.#isInPlace
      ? Array.from({ length: this.partitions }, (_, partition) =>
          table(inPlace, async (one) => {
            await parent.compute(partition, one.open());
          }),
        )
      : [
          table(partitioner, async (all) => {
            if (this.#apart === undefined) await runEach(parent, () => all.open());
            else await this.#takeUp(all, this.#apart);
          }),
        ];
  }

  /** Whether input partitions may be combined one by one and what came of them joined. */
  get canCombineApart(): boolean {
    return !this.#isInPlace && joinOf(this.#aggregator) !== undefined;
  }

  /** Has other threads combine each input partition. To be said before the node is computed. */
  combineApart(apart: ApartPartitions<EachPair<K, C>>): void {
    this.#apart = apart;
  }

  /** The pairs of one input partition, combined: what a thread does for another one. */
  async combined(partition: number, emit: Emit<[K, C]>): Promise<void> {
    const table = new CombineTable<K, V, C>(inPlace, this.#aggregator, this.#operator);
    await this.parents[0].compute(partition, table.open());
    await table.finish();
    await table.read(0, emit);
  }

  override get partitioner(): Partitioner {
    return this.#partitioner;
  }

  compute(partition: number, emit: Emit<[K, C]>): Done {
    const own = this.#tables.length === 1 ? undefined : this.#tables[partition];
    if (own !== undefined) return own.use((table) => table.read(0, emit));
    // The only table is that of all partitions, or that of the only partition.
    return this.#tables[0]?.use((table) => table.read(partition, emit));
  }

  async #takeUp(table: CombineTable<K, V, C>, apart: ApartPartitions<EachPair<K, C>>): Promise<void> {
    for (let partition = 0; partition < this.parents[0].partitions; partition++) {
      const each = await apart.get(partition);
      const emit = table.openCombined();
      await (each === undefined ? this.combined(partition, (pair) => emit(pair[0], pair[1])) : each(emit));
    }
  }
}
