import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { type Aggregator, CombineTable, joinOf } from '../combine-table.ts';
import type { ApartPartitions } from '../apart-node.ts';
import { runEach } from '../evaluate.ts';
import type { KeyColumns, NumberedColumns } from '../key-columns.ts';
import type { LastingKeys } from '../key-dictionary.ts';
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
  readonly #lasting: LastingKeys<K> | undefined;
  #apart: ApartPartitions<KeyColumns<K, C>> | undefined;
  /** The parent, or what is taken instead of it. */
  #input: RddNode<Pair<K, V>>;
  /** One for all partitions, or one for each where nothing is moved. */
  readonly #tables: readonly Once<CombineTable<K, V, C>>[];

  constructor(
    parent: RddNode<Pair<K, V>>,
    aggregator: Aggregator<V, C>,
    partitioner: Partitioner,
    operator = 'combineByKey',
    kind = 'combineByKey',
    lasting?: LastingKeys<K>,
  ) {
    super();
    this.kind = kind;
    this.partitions = partitioner.numPartitions;
    this.parents = [parent];
    this.#input = parent;
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#operator = operator;
    this.#lasting = lasting;
    this.#isInPlace = isSamePartitioner(parent.partitioner, partitioner);
    const table = (within: Partitioner, fill: (table: CombineTable<K, V, C>) => Promise<void>) =>
      new Once(async () => await this.#filled(within, fill));
    this.#tables = this.#isInPlace
      ? Array.from({ length: this.partitions }, (_, partition) =>
          table(inPlace, async (one) => {
            await parent.compute(partition, one.open());
          }),
        )
      : [
          table(partitioner, async (all) => {
            if (this.#apart === undefined) await runEach(this.#input, () => all.open());
            else await this.#takeUp(all, this.#apart);
          }),
        ];
  }

  /** Whether input partitions may be combined one by one and what came of them joined. */
  get canCombineApart(): boolean {
    return !this.#isInPlace && joinOf(this.#aggregator) !== undefined;
  }

  /** Has other threads combine each input partition. To be said before the node is computed. */
  combineApart(apart: ApartPartitions<KeyColumns<K, C>>): void {
    this.#apart = apart;
  }

  override get movesBy(): Partitioner | undefined {
    return this.#isInPlace ? undefined : this.#partitioner;
  }

  override takeMoved(_parent: number, pairs: RddNode<unknown>): void {
    this.#input = pairs as RddNode<Pair<K, V>>;
  }

  /** One input partition, combined: what a thread does for another one. */
  async combined(partition: number): Promise<NumberedColumns<K, C>> {
    const table = await this.#filled(inPlace, async (one) => {
      await this.parents[0].compute(partition, one.open());
    });
    return table.columns(0);
  }

  /** As `compute`, without a pair for each key; undefined where each reading has to get values of its own. */
  async columns(partition: number): Promise<NumberedColumns<K, C> | undefined> {
    if (this.#aggregator.copy !== undefined) return undefined;
    const isApart = this.#tables.length > 1;
    let columns: NumberedColumns<K, C> | undefined;
    await this.#tables[isApart ? partition : 0]?.use((table) => {
      columns = table.columns(this.#isInPlace ? 0 : partition);
    });
    return columns;
  }

  override get partitioner(): Partitioner {
    return this.#partitioner;
  }

  override get isNarrow(): boolean {
    return this.#isInPlace;
  }

  compute(partition: number, emit: Emit<[K, C]>): Done {
    const own = this.#tables.length === 1 ? undefined : this.#tables[partition];
    if (own !== undefined) return own.use((table) => table.read(0, emit));
    // The only table is that of all partitions, or that of the only partition.
    return this.#tables[0]?.use((table) => table.read(partition, emit));
  }

  async #filled(
    within: Partitioner,
    fill: (table: CombineTable<K, V, C>) => Promise<void>,
  ): Promise<CombineTable<K, V, C>> {
    const table = new CombineTable<K, V, C>(within, this.#aggregator, this.#operator, this.#lasting?.open());
    await fill(table);
    await table.finish();
    this.#lasting?.used(table.size);
    return table;
  }

  async #takeUp(table: CombineTable<K, V, C>, apart: ApartPartitions<KeyColumns<K, C>>): Promise<void> {
    for (let partition = 0; partition < this.parents[0].partitions; partition++) {
      await table.take((await apart.get(partition)) ?? (await this.combined(partition)));
    }
  }
}
