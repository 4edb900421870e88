import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { functionFailed, refusePromise } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';

/** The elements for which `keep` says yes. */
export class FilterNode<T> extends RddNode<T> {
  readonly kind = 'filter';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #keep: (value: T) => unknown;
  readonly #operator: string;

  constructor(parent: RddNode<T>, keep: (value: T) => unknown, operator = 'filter') {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#keep = keep;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<T>): Done {
    const keep = this.#keep;
    const operator = this.#operator;
    return this.parents[0].compute(partition, (value) => {
      let kept: unknown;
      try {
        kept = keep(value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      if (kept === true) {
        emit(value);
      } else if (kept) {
        refusePromise(operator, kept);
        emit(value);
      }
    });
  }
}
