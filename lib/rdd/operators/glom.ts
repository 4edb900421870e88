import { type Done, type Emit, after } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';

/** Each partition as one array. */
export class GlomNode<T> extends RddNode<T[]> {
  readonly kind = 'glom';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];

  constructor(parent: RddNode<T>) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<T[]>): Done {
    const values: T[] = [];
    const done = this.parents[0].compute(partition, (value) => {
      values.push(value);
    });
    return after(done, () => {
      emit(values);
    });
  }
}
