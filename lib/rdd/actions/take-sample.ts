import { runAll } from '../evaluate.ts';
import { partitionSeed, seededRandom } from '../random.ts';
import type { RddNode } from '../rdd-node.ts';
import { requireCount } from './take.ts';

/**
 * `n` elements at random, in random order: without replacement at most as many as there are, with replacement always `n` (none of an empty
 * RDD). Every choice is equally likely; no more than `n` elements are held.
 */
export async function takeSample<T>(
  node: RddNode<T>,
  withReplacement: boolean,
  n: number,
  seed: number,
  operator = 'takeSample',
): Promise<T[]> {
  requireCount(operator, n);
  const random = seededRandom(partitionSeed(seed, 0));
  const chosen: T[] = [];
  let seen = 0;
  await runAll(node, (value) => {
    seen += 1;
    if (withReplacement) {
      // Each place is a reservoir of its own.
      for (let place = 0; place < n; place++) if (random() * seen < 1) chosen[place] = value;
    } else if (seen <= n) {
      chosen.push(value);
    } else {
      const place = Math.floor(random() * seen);
      if (place < n) chosen[place] = value;
    }
  });
  for (let last = chosen.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [chosen[last], chosen[other]] = [chosen[other] as T, chosen[last] as T];
  }
  return chosen;
}
