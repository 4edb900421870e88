import { raise } from '../../kernel/errors.ts';
import { runAll } from '../evaluate.ts';
import { HyperLogLog } from '../hyper-log-log.ts';
import type { RddNode } from '../rdd-node.ts';

/** About how many different elements there are, within `relativeSD` of it in two of three cases; memory follows the accuracy, not the number. */
export async function countApproxDistinct(
  node: RddNode<unknown>,
  relativeSD: number,
  operator = 'countApproxDistinct',
): Promise<number> {
  if (!(relativeSD >= 0.0005 && relativeSD <= 0.4)) {
    const expected = 'a number from 0.0005 to 0.4';
    raise('RDD_ARGUMENT', { operator, name: 'relativeSD', given: String(relativeSD), expected });
  }
  const sketch = new HyperLogLog(Math.max(4, Math.ceil(2 * Math.log2(1.054 / relativeSD))));
  await runAll(node, (value) => {
    sketch.add(value);
  });
  return sketch.estimate();
}
