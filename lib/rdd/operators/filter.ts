import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { ElementwiseNode } from '../elementwise-node.ts';
import { functionFailed, refusePromise } from '../function-failure.ts';
import type { RddNode } from '../rdd-node.ts';

/** The elements for which `keep` says yes. */
export class FilterNode<T> extends ElementwiseNode<T, T> {
  readonly kind = 'filter';
  readonly #keep: (value: T) => unknown;
  readonly #operator: string;

  constructor(parent: RddNode<T>, keep: (value: T) => unknown, operator = 'filter') {
    super(parent, keep);
    this.#keep = keep;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  protected each(emit: Emit<T>): Emit<T> {
    const keep = this.#keep;
    const operator = this.#operator;
    return (value) => {
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
    };
  }
}
