import { raise } from '../kernel/errors.ts';
import { kindOf } from './function-failure.ts';

/** A key and its value: a two-element array. */
export type Pair<K, V> = readonly [K, V];

/**
 * What `map` may return. Anything; the pair in the union makes TypeScript see `[word, 1]` as a pair and not as a list.
 *
 * @example
 * rdd.map(word => [word, 1])   // RDD<[string, number]>
 */
export type Mapped = readonly [unknown, unknown] | {} | null | undefined;

/** Asked once for each new key, not for each record: enough to find the program that forgot to make pairs. */
export function assertPair(operator: string, value: unknown): void {
  if (!Array.isArray(value) || value.length !== 2) raise('RDD_NOT_A_PAIR', { operator, kind: kindOf(value) });
}
