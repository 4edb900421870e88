import { KeyMap } from '../../kernel/key-map.ts';
import { runAll } from '../evaluate.ts';
import { CountOccurrencesNode, CountTables } from '../operators/count-occurrences.ts';
import { type Pair, assertPair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';

/** How often each value occurs, in order of first appearance. */
export async function countByValue<T>(node: RddNode<T>): Promise<KeyMap<T, number>> {
  return await countBy(
    new CountOccurrencesNode(node, new CountTables()),
    (pair) => pair[0],
    (pair) => pair[1],
  );
}

/** How many pairs each key has, in order of first appearance. */
export async function countByKey<K>(
  node: RddNode<Pair<K, unknown>>,
  operator = 'countByKey',
): Promise<KeyMap<K, number>> {
  return await countBy(
    node,
    (pair) => {
      assertPair(operator, pair);
      return pair[0];
    },
    () => 1,
  );
}

async function countBy<T, K>(
  node: RddNode<T>,
  keyOf: (value: T) => K,
  countOf: (value: T) => number,
): Promise<KeyMap<K, number>> {
  const counts = new KeyMap<K, { count: number }>();
  await runAll(node, (value) => {
    const key = keyOf(value);
    const count = countOf(value);
    const cell = counts.get(key);
    if (cell === undefined) counts.set(key, { count });
    else cell.count += count;
  });
  const result = new KeyMap<K, number>();
  for (const [key, { count }] of counts) result.set(key, count);
  return result;
}
