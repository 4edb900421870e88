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

/**
 * What values of a type are merged into: the sum of `1`s is a number, not `1`. It makes `[word, 1] as const` do what it does in Spark.
 */
export type Merged<V> = V extends number
  ? number
  : V extends string
    ? string
    : V extends bigint
      ? bigint
      : V extends boolean
        ? boolean
        : V;

/** Asked once for each new key, not for each record: enough to find the program that forgot to make pairs. */
export function assertPair(operator: string, value: unknown): void {
  if (!Array.isArray(value) || value.length !== 2) {
    raise('RDD_NOT_A_PAIR', { operator, kind: kindOf(value) }, { where: { operator } });
  }
}
