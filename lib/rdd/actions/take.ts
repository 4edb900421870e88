import { raise } from '../../kernel/errors.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import { runPartition } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/** The first `n` elements. The partition that has the last of them is computed to its end, those after it not. */
export async function take<T>(node: RddNode<T>, n: number, operator = 'take'): Promise<T[]> {
  requireCount(operator, n);
  const values: T[] = [];
  for (let partition = 0; partition < node.partitions && values.length < n; partition++) {
    if (partition > 0) await nextTurnIfDue();
    for (const value of await headOf(node, partition, n - values.length)) values.push(value);
  }
  return values;
}

/** The first elements of one partition, at most `n`. */
export async function headOf<T>(node: RddNode<T>, partition: number, n: number): Promise<readonly T[]> {
  const known = await node.head(partition, n);
  if (known !== undefined) return known;
  const values: T[] = [];
  await runPartition(node, partition, (value) => {
    if (values.length < n) values.push(value);
  });
  return values;
}

/** The first element; refused when there is none. */
export async function first<T>(node: RddNode<T>, operator = 'first'): Promise<T> {
  const values = await take(node, 1, operator);
  if (values.length === 0) raise('RDD_EMPTY_COLLECTION', { operator }, { where: { operator } });
  return values[0] as T;
}

export function requireCount(operator: string, n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) {
    raise('RDD_ARGUMENT', { operator, name: 'n', given: String(n), expected: 'a whole number, 0 or more' });
  }
}
