import type { Clock } from '../../kernel/clock.ts';
import { nextTurn } from '../../kernel/turns.ts';
import { raise } from '../../kernel/errors.ts';
import { type Duration, durationMs } from '../../kernel/time.ts';
import { runPartition } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/**
 * How many elements there are, or about how many there may be when the time is up before all partitions are counted: what was counted,
 * taken to be as many in each of the rest. The first partition is always counted, and none is left half way.
 */
export async function countApprox(
  node: RddNode<unknown>,
  timeout: Duration,
  clock: Clock,
  operator = 'countApprox',
): Promise<number> {
  const endMs = clock.monotonicMs() + timeoutOf(timeout, operator);
  let total = 0;
  for (let partition = 0; partition < node.partitions; partition++) {
    if (partition > 0) {
      if (clock.monotonicMs() >= endMs) return Math.round((total * node.partitions) / partition);
      await nextTurn();
    }
    await runPartition(node, partition, () => {
      total += 1;
    });
  }
  return total;
}

function timeoutOf(timeout: Duration, operator: string): number {
  if (timeout === 0) return 0;
  if (typeof timeout === 'number' && !(timeout > 0)) {
    raise('RDD_ARGUMENT', { operator, name: 'timeout', given: String(timeout), expected: 'a duration, 0 or more' });
  }
  return durationMs(timeout);
}
