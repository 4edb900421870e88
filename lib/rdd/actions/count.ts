import type { Done } from '../../kernel/evaluation.ts';
import { eachPartition } from '../evaluate.ts';
import type { RddNode, Taker } from '../rdd-node.ts';

/** How many elements there are. */
export async function count(node: RddNode<unknown>): Promise<number> {
  const counter = new Counter();
  await eachPartition(node, (partition) => counter.add(node, partition));
  return counter.total;
}

/** How many elements a partition has. */
export async function countPartition(node: RddNode<unknown>, partition: number): Promise<number> {
  const counter = new Counter();
  await counter.add(node, partition);
  return counter.total;
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

  add(node: RddNode<unknown>, partition: number): Done {
    const known = node.count(partition);
    if (known === undefined) return node.computeTexts(partition, this);
    if (typeof known !== 'number') {
      return known.then((elements) => {
        this.total += elements;
      });
    }
    this.total += known;
    return undefined;
  }
}
