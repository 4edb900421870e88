import type { Done, Emit } from '../../kernel/evaluation.ts';
import { count } from '../../rdd/actions/count.ts';
import { Once } from '../../rdd/once.ts';
import { RddNode } from '../../rdd/rdd-node.ts';

/** One number: how many elements there are, 0 when there are none. */
export class CountRdd extends RddNode<number> {
  readonly kind = 'count';
  readonly partitions = 1;
  readonly parents: readonly [RddNode<unknown>];
  readonly #total: Once<number>;

  constructor(parent: RddNode<unknown>) {
    super();
    this.parents = [parent];
    this.#total = new Once(async () => await count(parent));
  }

  compute(_partition: number, emit: Emit<number>): Done {
    return this.#total.use((total) => {
      emit(total);
    });
  }
}
