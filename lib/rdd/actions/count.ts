import { ApartNode } from '../apart-node.ts';
import { runAll } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/** How many elements there are. */
export async function count(node: RddNode<unknown>): Promise<number> {
  let total = 0;
  if (node instanceof ApartNode) {
    for (let partition = 0; partition < node.partitions; partition++) total += await countApart(node, partition);
    return total;
  }
  await runAll(node, () => {
    total += 1;
  });
  return total;
}

async function countApart(node: ApartNode<unknown>, partition: number): Promise<number> {
  const known = await node.count(partition);
  if (known !== undefined) return known;
  let total = 0;
  await node.here.compute(partition, () => {
    total += 1;
  });
  return total;
}
