import { raise } from '../../kernel/errors.ts';
import { runAll } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';
import { stats } from './stats.ts';

/**
 * How many numbers fall into each bucket: `[bounds, counts]`. Buckets are half open, `[bound, next)`, and the last one closed. `buckets` is the
 * bounds in ascending order, or how many of equal width between the least and the greatest number. NaN and what lies outside is not counted.
 */
export async function histogram(
  node: RddNode<number>,
  buckets: number | readonly number[],
  operator = 'histogram',
): Promise<[bounds: number[], counts: number[]]> {
  const bounds = typeof buckets === 'number' ? await evenBounds(node, buckets, operator) : [...buckets];
  if (bounds.length < 2 || bounds.some((bound, i) => i > 0 && !(bound > (bounds[i - 1] ?? Number.NaN)))) {
    // All numbers equal: one bucket of no width holds them all, as in Spark.
    if (typeof buckets !== 'number') refuse(operator, `[${bounds.join(', ')}]`);
    const [least = Number.NaN] = bounds;
    let count = 0;
    await runAll(node, (value) => {
      if (value === least) count += 1;
    });
    return [[least, least], [count]];
  }
  const counts = Array.from({ length: bounds.length - 1 }, () => 0);
  await runAll(node, (value) => {
    const bucket = bucketOf(bounds, value);
    if (bucket !== undefined) counts[bucket] = (counts[bucket] ?? 0) + 1;
  });
  return [bounds, counts];
}

async function evenBounds(node: RddNode<number>, count: number, operator: string): Promise<number[]> {
  if (!Number.isSafeInteger(count) || count < 1) refuse(operator, String(count));
  const { min, max, count: numbers } = await stats(node, operator);
  if (numbers === 0) raise('RDD_EMPTY_COLLECTION', { operator }, { where: { operator } });
  if (!Number.isFinite(min) || !Number.isFinite(max)) refuse(operator, `${count} even ones from ${min} to ${max}`);
  const bounds = Array.from({ length: count }, (_, i) => min + ((max - min) * i) / count);
  return [...bounds, max];
}

function refuse(operator: string, given: string): never {
  return raise('RDD_ARGUMENT', {
    operator,
    name: 'buckets',
    given,
    expected: 'at least two bounds in ascending order, or a whole number above 0 over finite numbers',
  });
}

function bucketOf(bounds: readonly number[], value: number): number | undefined {
  const last = bounds.length - 1;
  if (!(value >= (bounds[0] as number) && value <= (bounds[last] as number))) return undefined;
  if (value === bounds[last]) return last - 1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (value < (bounds[middle] as number)) high = middle;
    else low = middle;
  }
  return low;
}
