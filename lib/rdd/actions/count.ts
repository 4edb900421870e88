import { runAll } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/** How many elements there are. */
export async function count(node: RddNode<unknown>): Promise<number> {
  let total = 0;
  await runAll(node, () => {
    total += 1;
  });
  return total;
}
