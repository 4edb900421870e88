import { KeyMap } from '../../kernel/key-map.ts';
import { runAll } from '../evaluate.ts';
import { type Pair, assertPair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';

/** How often each value occurs, in order of first appearance. */
export async function countByValue<T>(node: RddNode<T>): Promise<KeyMap<T, number>> {
  return await countBy(node, (value) => value);
}

/** How many pairs each key has, in order of first appearance. */
export async function countByKey<K>(
  node: RddNode<Pair<K, unknown>>,
  operator = 'countByKey',
): Promise<KeyMap<K, number>> {
  return await countBy(node, (pair) => {
    assertPair(operator, pair);
    return pair[0];
  });
}

async function countBy<T, K>(node: RddNode<T>, keyOf: (value: T) => K): Promise<KeyMap<K, number>> {
  const counts = new KeyMap<K, { count: number }>();
  await runAll(node, (value) => {
    const key = keyOf(value);
    const cell = counts.get(key);
    if (cell === undefined) counts.set(key, { count: 1 });
    else cell.count += 1;
  });
  const result = new KeyMap<K, number>();
  for (const [key, { count }] of counts) result.set(key, count);
  return result;
}
