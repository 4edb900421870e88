import { nextTurnIfDue } from '../../kernel/turns.ts';
import { collectPartition, runAll } from '../evaluate.ts';
import { functionFailed, refusePromise } from '../function-failure.ts';
import { counted } from '../operators/map-partitions.ts';
import type { RddNode } from '../rdd-node.ts';
import { placed } from '../record-place.ts';

/** Calls `f` for each element, in order. `f` is synchronous: a promise would be awaited by nobody. */
export async function foreach<T>(node: RddNode<T>, f: (value: T) => unknown, operator = 'foreach'): Promise<void> {
  await runAll(node, (value) => {
    let result: unknown;
    try {
      result = f(value);
    } catch (error) {
      throw functionFailed(operator, error);
    }
    if (result !== undefined) refusePromise(operator, result);
  });
}

/** Calls `f` with an iterator over each partition, one after the other. `f` may be async: it is awaited. */
export async function foreachPartition<T>(
  node: RddNode<T>,
  f: (values: IterableIterator<T>) => unknown,
  operator = 'foreachPartition',
): Promise<void> {
  for (let partition = 0; partition < node.partitions; partition++) {
    if (partition > 0) await nextTurnIfDue();
    const values = await collectPartition(node, partition);
    const taken = { count: 0 };
    try {
      await f(counted(values, taken));
    } catch (error) {
      const failed = functionFailed(operator, error);
      // What failed was at work on the element it drew last.
      throw taken.count === 0 ? failed : await placed(node, partition, taken.count - 1, failed);
    }
  }
}
