import type { Done, Emit } from '../../kernel/evaluation.ts';
import { runAll } from '../../rdd/evaluate.ts';
import { functionFailed } from '../../rdd/function-failure.ts';
import { Once } from '../../rdd/once.ts';
import { RddNode } from '../../rdd/rdd-node.ts';

/** All elements merged into one, from left to right; nothing when there are none. `combine` must be associative. */
export class ReduceRdd<T> extends RddNode<T> {
  readonly kind = 'reduce';
  readonly partitions = 1;
  readonly parents: readonly [RddNode<T>];
  readonly #result: Once<readonly T[]>;

  constructor(parent: RddNode<T>, combine: (a: T, b: T) => T, operator: string) {
    super();
    this.parents = [parent];
    this.#result = new Once(async () => await reduceAll(parent, combine, operator));
  }

  compute(_partition: number, emit: Emit<T>): Done {
    return this.#result.use((values) => {
      for (const value of values) emit(value);
    });
  }
}

async function reduceAll<T>(parent: RddNode<T>, combine: (a: T, b: T) => T, operator: string): Promise<readonly T[]> {
  let isFirst = true;
  let total: T | undefined;
  await runAll(parent, (value) => {
    if (isFirst) {
      isFirst = false;
      total = value;
      return;
    }
    try {
      total = combine(total as T, value);
    } catch (error) {
      throw functionFailed(operator, error);
    }
  });
  return isFirst ? [] : [total as T];
}
