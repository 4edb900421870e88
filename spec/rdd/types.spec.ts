import { expect, it } from '@jest/globals';
import type { KeyMap } from '../../lib/kernel/key-map.ts';
import type { RDD } from '../../lib/rdd/rdd.ts';
import { SparkContext } from '../../lib/rdd/spark-context.ts';

type Same<A, B> = [(value: A) => A] extends [(value: B) => B]
  ? [(value: B) => B] extends [(value: A) => A]
    ? true
    : false
  : false;

/** Compiles only where both types are the same. */
function same<A, B>(isSame: Same<A, B>): void {
  expect(isSame).toBe(true);
}

function isShort(word: unknown): word is 'a' {
  return word === 'a';
}

function twice<T, U>(rdd: RDD<T>, f: (value: T) => U): RDD<[U, U]> {
  return rdd.map((value) => [f(value), f(value)]);
}

function plain<T, U>(rdd: RDD<T>, f: (value: T) => U): RDD<U> {
  return rdd.map(f);
}

it('types pairs, joins and actions, and refuses pair methods on anything else', () => {
  const sc = new SparkContext();
  const words = sc.parallelize(['a', 'b']);

  const pairs = words.map((word) => [word, 1]);
  same<typeof pairs, RDD<[string, number]>>(true);
  const constant = words.map((word) => [word, 1] as const);
  const summed = constant.mapValues((n): number => n).reduceByKey((a, b) => a + b);
  same<typeof summed, RDD<[string, number]>>(true);
  const flat = words.flatMap((word) => [[word, word.length]]);
  same<typeof flat, RDD<[string, number]>>(true);
  const lengths = words.map((word) => word.length);
  same<typeof lengths, RDD<number>>(true);
  const objects = words.map((word) => ({ word, list: [1, 2] }));
  same<typeof objects, RDD<{ word: string; list: number[] }>>(true);

  const joined = pairs.join(words.map((word) => [word, true]));
  same<typeof joined, RDD<[string, [number, boolean]]>>(true);
  const left = pairs.leftOuterJoin(pairs);
  same<typeof left, RDD<[string, [number, number | null]]>>(true);
  const full = pairs.fullOuterJoin(pairs);
  same<typeof full, RDD<[string, [number | null, number | null]]>>(true);
  const together = pairs.cogroup(words.map((word) => [word, 'x']));
  same<typeof together, RDD<[string, [number[], string[]]]>>(true);
  const three = pairs.groupWith(
    words.map((word) => [word, 'x']),
    pairs,
  );
  same<typeof three, RDD<[string, [number[], string[], number[]]]>>(true);
  const combined = pairs.combineByKey(
    (n) => [n],
    (all, n) => [...all, n],
    (a, b) => [...a, ...b],
  );
  same<typeof combined, RDD<[string, number[]]>>(true);

  const short = words.filter(isShort);
  same<typeof short, RDD<'a'>>(true);
  const actions = {
    total: () =>
      lengths.aggregate(
        0,
        (sum, x) => sum + x,
        (a, b) => a + b,
      ),
    counts: () => words.countByValue(),
    sum: () => lengths.sum(),
  };
  same<ReturnType<typeof actions.total>, Promise<number>>(true);
  same<ReturnType<typeof actions.counts>, Promise<KeyMap<string, number>>>(true);

  const refused = [
    // @ts-expect-error a text is no pair
    () => words.reduceByKey((a, b) => a + b),
    // @ts-expect-error a number is no pair
    () => lengths.groupByKey(),
    // @ts-expect-error three elements are no pair
    () => words.map((word) => [word, 1, 2]).mapValues((x) => x),
    // @ts-expect-error keys of different types never meet
    () => pairs.join(lengths.map((n) => [n, 1])),
    // @ts-expect-error only numbers have a sum
    () => words.sum(),
    // @ts-expect-error the function must give back the type of the values
    () => pairs.reduceByKey((a, b) => `${a}${b}`),
    // @ts-expect-error flatMap needs something to iterate over
    () => words.flatMap((word) => word.length),
  ];
  expect([refused.length, Object.keys(actions).length]).toEqual([7, 3]);
});

it('lets generic code use map and pairs', async () => {
  const rdd = new SparkContext().parallelize([1]);
  const values = [await twice(rdd, String).collect(), await plain(rdd, String).collect()];
  expect(values).toEqual([[['1', '1']], ['1']]);
});
