import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Pair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';
import { CogroupNode } from './cogroup.ts';

/** The pairs whose key the other RDD does not have; several pairs of a key all stay. */
export class SubtractByKeyNode<K, V> extends RddNode<[K, V]> {
  readonly kind = 'subtractByKey';
  readonly partitions: number;
  readonly parents: readonly [CogroupNode<K>];

  constructor(
    left: RddNode<Pair<K, V>>,
    right: RddNode<Pair<K, unknown>>,
    partitioner: Partitioner,
    operator = 'subtractByKey',
  ) {
    super();
    this.partitions = partitioner.numPartitions;
    this.parents = [new CogroupNode<K>([left, right], partitioner, operator)];
  }

  override get partitioner(): Partitioner {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<[K, V]>): Done {
    return this.parents[0].read(partition, ({ key, values: [values = [], others = []] }) => {
      if (others.length === 0) for (const value of values) emit([key, value as V]);
    });
  }
}
