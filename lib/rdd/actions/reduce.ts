import { raise } from '../../kernel/errors.ts';
import { runAll, runEach } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { refusingPromises } from '../operators/reduce-by-key.ts';
import type { RddNode } from '../rdd-node.ts';
import { zeroValue } from '../zero-value.ts';

/** All elements merged from left to right by an associative function; refused when there is none. */
export async function reduce<T>(node: RddNode<T>, combine: (a: T, b: T) => T, operator = 'reduce'): Promise<T> {
  const merge = guarded(combine, operator);
  let merged: { value: T } | undefined;
  await runAll(node, (value) => {
    if (merged === undefined) merged = { value };
    else merged.value = merge(merged.value, value);
  });
  return (merged ?? raise('RDD_EMPTY_COLLECTION', { operator }, { where: { operator } })).value;
}

/**
 * Each partition folded from a copy of `zero` by `mergeValue`; the results, in order, by `mergeCombiners` from one more copy. So a `zero` that
 * is not neutral counts once for each partition and once more, as in Spark.
 */
export async function aggregate<T, C>(
  node: RddNode<T>,
  zero: C,
  mergeValue: (combined: C, value: T) => C,
  mergeCombiners: (first: C, second: C) => C,
  operator = 'aggregate',
): Promise<C> {
  const fresh = zeroValue(zero, operator);
  const add = guarded(mergeValue, operator);
  const parts: { value: C }[] = [];
  await runEach(node, () => {
    const part = { value: fresh() };
    parts.push(part);
    return (value) => {
      part.value = add(part.value, value);
    };
  });
  const merge = guarded(mergeCombiners, operator);
  let total = fresh();
  for (const part of parts) total = merge(total, part.value);
  return total;
}

function guarded<A, B, C>(f: (a: A, b: B) => C, operator: string): (a: A, b: B) => C {
  const call = refusingPromises(f, operator);
  return (a, b) => {
    try {
      return call(a, b);
    } catch (error) {
      throw functionFailed(operator, error);
    }
  };
}
