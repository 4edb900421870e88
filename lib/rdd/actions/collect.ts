import { runAll } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/** All elements, in order of their partitions. */
export async function collect<T>(node: RddNode<T>): Promise<T[]> {
  const values: T[] = [];
  await runAll(node, (value) => {
    values.push(value);
  });
  return values;
}
