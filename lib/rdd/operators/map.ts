import type { Done, Emit } from '../../kernel/evaluation.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';

/** One element for each element. */
export class MapNode<T, U> extends RddNode<U> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #f: (value: T) => U;
  readonly #operator: string;

  constructor(parent: RddNode<T>, f: (value: T) => U, operator = 'map', kind = 'map') {
    super();
    this.kind = kind;
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#operator = operator;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<U>): Done {
    const f = this.#f;
    const operator = this.#operator;
    return this.parents[0].compute(partition, (value) => {
      let result: U;
      try {
        result = f(value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      emit(result);
    });
  }
}
