import { ApartNode } from './apart-node.ts';
import { UnionNode } from './operators/union.ts';
import type { RddNode } from './rdd-node.ts';

/** One partition of one node. */
export interface PartitionOf {
  readonly node: RddNode<unknown>;
  readonly partition: number;
}

/**
 * The partition without parents, or of a node that `isOrigin` says yes to, that a partition is computed from by narrow steps alone; undefined
 * where anything else is between: a shuffle, a state, what is persisted.
 */
export function originOf(
  node: RddNode<unknown>,
  partition: number,
  isOrigin: (node: RddNode<unknown>) => boolean,
): PartitionOf | undefined {
  if (node instanceof ApartNode) return originOf(node.here, partition, isOrigin);
  if (isOrigin(node)) return { node, partition };
  if (node instanceof UnionNode) {
    let index = partition;
    for (const parent of node.parents) {
      if (index < parent.partitions) return originOf(parent, index, isOrigin);
      index -= parent.partitions;
    }
    return undefined;
  }
  const [parent] = node.parents;
  if (parent === undefined) return { node, partition };
  return node.isNarrow ? originOf(parent, partition, isOrigin) : undefined;
}
