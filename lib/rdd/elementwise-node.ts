import type { Done, Emit } from '../kernel/evaluation.ts';
import { RddNode, type Taker } from './rdd-node.ts';
import { rowsFunctionOf } from './texts/byte-function.ts';

/**
 * A function over each element. Where the function also knows what to do with texts in bytes (`splitWords`, `contains`, `fields`) and the
 * elements come as such, they stay bytes.
 */
export abstract class ElementwiseNode<T, U> extends RddNode<U> {
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #f: object;

  constructor(parent: RddNode<T>, f: object) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
  }

  override get isNarrow(): boolean {
    return true;
  }

  /** Takes the elements, calls the function, and gives on what came of it. */
  protected abstract each(emit: Emit<U>): Emit<T>;

  compute(partition: number, emit: Emit<U>): Done {
    const [parent] = this.parents;
    const onRows = rowsFunctionOf<T, U>(this.#f);
    if (onRows === undefined) return parent.compute(partition, this.each(emit));
    return parent.computeTexts(partition, {
      element: this.each(emit),
      texts: (rows) => {
        onRows(rows).forEach(emit);
      },
    });
  }

  override computeTexts(partition: number, taker: Taker<U>): Done {
    const onRows = rowsFunctionOf<T, U>(this.#f);
    if (onRows === undefined) return this.compute(partition, taker.element);
    return this.parents[0].computeTexts(partition, {
      element: this.each(taker.element),
      texts: (rows) => {
        taker.texts(onRows(rows));
      },
    });
  }
}
