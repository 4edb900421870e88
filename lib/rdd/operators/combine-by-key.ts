import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { type Aggregator, CombineTable } from '../combine-table.ts';
import { runEach } from '../evaluate.ts';
import { Once } from '../once.ts';
import type { Pair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * The values of each key combined into one: the shuffle under every `...ByKey`.
 *
 * Evaluated once and held. Keys of a partition come in order of first appearance.
 */
export class CombineByKeyNode<K, V, C> extends RddNode<[K, C]> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #table: Once<CombineTable<K, V, C>>;

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
    this.#table = new Once(async () => {
      const table = new CombineTable<K, V, C>(partitioner, aggregator, operator);
      await runEach(parent, (partition) => table.open(partition));
      await table.finish();
      return table;
    });
  }

  compute(partition: number, emit: Emit<[K, C]>): Done {
    return this.#table.use((table) => table.read(partition, emit));
  }
}
