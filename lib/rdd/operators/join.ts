import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Pair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';
import { CogroupNode } from './cogroup.ts';

/** Which keys a join keeps that only one side has. */
export interface JoinSides {
  readonly left: boolean;
  readonly right: boolean;
}

/** The method that joins so. */
export function joinKind(keep: JoinSides): string {
  if (keep.left) return keep.right ? 'fullOuterJoin' : 'leftOuterJoin';
  return keep.right ? 'rightOuterJoin' : 'join';
}

/**
 * Every left value of a key with every right value of it. With `keep.left` (or `right`), a value whose key the other side lacks comes
 * with `null` in the other's place. Left values vary slowest, both in order of arrival.
 */
export class JoinNode<K, V, W> extends RddNode<[K, [V | null, W | null]]> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [CogroupNode<K>];
  readonly #keep: JoinSides;

  constructor(
    left: RddNode<Pair<K, V>>,
    right: RddNode<Pair<K, W>>,
    keep: JoinSides,
    partitioner: Partitioner,
    operator?: string,
  ) {
    super();
    this.kind = joinKind(keep);
    this.partitions = partitioner.numPartitions;
    this.parents = [new CogroupNode<K>([left, right], partitioner, operator ?? this.kind)];
    this.#keep = keep;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<[K, [V | null, W | null]]>): Done {
    const keep = this.#keep;
    return this.parents[0].read(partition, ({ key, values }) => {
      const [lefts, rights] = values as unknown as readonly [readonly V[], readonly W[]];
      if (rights.length === 0) {
        if (keep.left) for (const left of lefts) emit([key, [left, null]]);
      } else if (lefts.length === 0) {
        if (keep.right) for (const right of rights) emit([key, [null, right]]);
      } else {
        for (const left of lefts) for (const right of rights) emit([key, [left, right]]);
      }
    });
  }
}
