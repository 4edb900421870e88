import { ApartNode } from '../apart-node.ts';
import { runTexts } from '../evaluate.ts';
import type { RddNode, Taker } from '../rdd-node.ts';

/** How many elements there are. */
export async function count(node: RddNode<unknown>): Promise<number> {
  const counter = new Counter();
  if (node instanceof ApartNode) {
    for (let partition = 0; partition < node.partitions; partition++) await countApart(node, partition, counter);
  } else {
    await runTexts(node, () => counter);
  }
  return counter.total;
}

/** How many elements a partition has. */
export async function countPartition(node: RddNode<unknown>, partition: number): Promise<number> {
  const counter = new Counter();
  await node.computeTexts(partition, counter);
  return counter.total;
}

async function countApart(node: ApartNode<unknown>, partition: number, counter: Counter): Promise<void> {
  const known = await node.count(partition);
  if (known === undefined) await node.here.computeTexts(partition, counter);
  else counter.total += known;
}

/** Of texts in bytes only their number is looked at. */
class Counter implements Taker<unknown> {
  total = 0;

  readonly element = (): void => {
    this.total += 1;
  };

  readonly texts: Taker<unknown>['texts'] = (rows) => {
    this.total += rows.count;
  };
}
