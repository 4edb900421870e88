import { raise } from '../../kernel/errors.ts';
import { runAll } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { naturalOrder } from '../ordering.ts';
import type { RddNode } from '../rdd-node.ts';
import { requireCount } from './take.ts';

/**
 * The first `n` elements in the order of their sort keys, or the last ones backwards with `direction` -1. Equal keys stay in the order of
 * the RDD. Holds at most 2n + 1,000 elements.
 */
export async function takeOrdered<T>(
  node: RddNode<T>,
  n: number,
  keyOf: ((value: T) => unknown) | undefined,
  direction: 1 | -1,
  operator: string,
): Promise<T[]> {
  requireCount(operator, n);
  const compare = naturalOrder(operator);
  let best: { readonly key: unknown; readonly value: T }[] = [];
  const keepBest = (): void => {
    best.sort((a, b) => direction * compare(a.key, b.key));
    best = best.slice(0, n);
  };
  await runAll(node, (value) => {
    let key: unknown = value;
    if (keyOf !== undefined) {
      try {
        key = keyOf(value);
      } catch (error) {
        throw functionFailed(operator, error);
      }
    }
    best.push({ key, value });
    if (best.length > 2 * n + 1000) keepBest();
  });
  keepBest();
  return best.map((entry) => entry.value);
}

/** The first of `takeOrdered`; refused when there is none. */
export async function extreme<T>(
  node: RddNode<T>,
  keyOf: ((value: T) => unknown) | undefined,
  direction: 1 | -1,
  operator: string,
): Promise<T> {
  const values = await takeOrdered(node, 1, keyOf, direction, operator);
  if (values.length === 0) raise('RDD_EMPTY_COLLECTION', { operator }, { where: { operator } });
  return values[0] as T;
}
