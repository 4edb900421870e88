import { raise } from '../kernel/errors.ts';
import { HashPartitioner, type Partitioner } from '../kernel/partitioner.ts';
import { kindOf } from './function-failure.ts';
import type { RddNode } from './rdd-node.ts';

/** Where the keys of a shuffle go: a number of partitions, or an object that decides. */
export type Partitioning = number | Partitioner;

/**
 * The partitioner that was asked for. Without one it is Spark's choice: that of the parent with the most partitions that has one, as long as
 * another parent is not ten times as wide; else a hash over as many partitions as the largest parent has.
 */
export function partitionerFor(
  asked: Partitioning | undefined,
  parents: readonly RddNode<unknown>[],
  operator: string,
): Partitioner {
  if (asked !== undefined) return requirePartitioning(asked, operator);
  const widest = Math.max(1, ...parents.map((parent) => parent.partitions));
  const [known] = parents
    .flatMap((parent) => parent.partitioner ?? [])
    .toSorted((a, b) => b.numPartitions - a.numPartitions);
  return known !== undefined && widest < 10 * known.numPartitions ? known : new HashPartitioner(widest);
}

/** What was given as a partitioning, as a partitioner; anything else is refused where it was given. */
export function requirePartitioning(given: unknown, operator: string): Partitioner {
  if (typeof given === 'number') return new HashPartitioner(given);
  const { numPartitions, partitionOf } = (given ?? {}) as Partial<Partitioner>;
  if (typeof partitionOf === 'function' && Number.isSafeInteger(numPartitions) && (numPartitions as number) > 0) {
    return given as Partitioner;
  }
  return raise('RDD_ARGUMENT', {
    operator,
    name: 'its partitioning',
    given: kindOf(given),
    expected: 'a number of partitions, or an object with numPartitions and partitionOf',
  });
}

/** Whether the same key stands in the same partition by both. */
export function isSamePartitioner(a: Partitioner | undefined, b: Partitioner): boolean {
  return (
    a === b || (a instanceof HashPartitioner && b instanceof HashPartitioner && a.numPartitions === b.numPartitions)
  );
}

/** The partitioner of a single partition: what stands in place already has nowhere else to go. */
export const inPlace: Partitioner = { numPartitions: 1, partitionOf: () => 0 };
