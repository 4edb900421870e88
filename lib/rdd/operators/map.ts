import type { Emit } from '../../kernel/evaluation.ts';
import { ElementwiseNode } from '../elementwise-node.ts';
import { functionFailed } from '../function-failure.ts';
import type { RddNode } from '../rdd-node.ts';

/** One element for each element. */
export class MapNode<T, U> extends ElementwiseNode<T, U> {
  readonly kind: string;
  readonly #f: (value: T) => U;
  readonly #operator: string;

  constructor(parent: RddNode<T>, f: (value: T) => U, operator = 'map', kind = 'map') {
    super(parent, f);
    this.kind = kind;
    this.#f = f;
    this.#operator = operator;
  }

  protected each(emit: Emit<U>): Emit<T> {
    const f = this.#f;
    const operator = this.#operator;
    return (value) => {
      let result: U;
      try {
        result = f(value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      emit(result);
    };
  }
}
