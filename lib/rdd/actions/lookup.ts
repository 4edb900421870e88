import { KeyMap } from '../../kernel/key-map.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { outputOf } from '../combine-table.ts';
import { runAll, runPartition } from '../evaluate.ts';
import { type Pair, assertPair } from '../pair.ts';
import type { RddNode } from '../rdd-node.ts';

/** The values of one key, in order. Where it is known in which partition the key stands, only that one is computed. */
export async function lookup<K, V>(node: RddNode<Pair<K, V>>, key: K, operator = 'lookup'): Promise<V[]> {
  const wanted = new KeyMap<K, true>().set(key, true);
  const values: V[] = [];
  const { partitioner } = node;
  const run = async (emit: Emit<Pair<K, V>>): Promise<void> => {
    if (partitioner === undefined) await runAll(node, emit);
    else await runPartition(node, outputOf(partitioner, key, operator), emit);
  };
  await run((pair) => {
    assertPair(operator, pair);
    if (wanted.has(pair[0])) values.push(pair[1]);
  });
  return values;
}

/** The pairs as a map by value; of several pairs with one key the last counts. */
export async function collectAsMap<K, V>(node: RddNode<Pair<K, V>>, operator = 'collectAsMap'): Promise<KeyMap<K, V>> {
  const map = new KeyMap<K, V>();
  await runAll(node, (pair) => {
    assertPair(operator, pair);
    map.set(pair[0], pair[1]);
  });
  return map;
}
