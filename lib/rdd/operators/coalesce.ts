import type { Done, Emit } from '../../kernel/evaluation.ts';
import { raise } from '../../kernel/errors.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * Fewer partitions, each of neighbouring ones of the parent, without moving elements between them. Asking for more than there are
 * changes nothing.
 */
export class CoalesceNode<T> extends RddNode<T> {
  readonly kind = 'coalesce';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];

  constructor(parent: RddNode<T>, numPartitions: number) {
    super();
    requirePartitions(this.kind, numPartitions);
    this.partitions = Math.min(numPartitions, parent.partitions);
    this.parents = [parent];
  }

  compute(partition: number, emit: Emit<T>): Done {
    const [parent] = this.parents;
    const from = Math.floor((partition * parent.partitions) / this.partitions);
    const until = Math.floor(((partition + 1) * parent.partitions) / this.partitions);
    return computeRange(parent, from, until, emit);
  }
}

function computeRange<T>(parent: RddNode<T>, from: number, until: number, emit: Emit<T>): Done {
  for (let partition = from; partition < until; partition++) {
    const done = parent.compute(partition, emit);
    if (done !== undefined) return done.then(() => computeRange(parent, partition + 1, until, emit));
  }
  return undefined;
}

export function requirePartitions(operator: string, numPartitions: number): void {
  if (!Number.isSafeInteger(numPartitions) || numPartitions < 1) {
    raise('RDD_ARGUMENT', {
      operator,
      name: 'numPartitions',
      given: String(numPartitions),
      expected: 'a whole number above 0',
    });
  }
}
