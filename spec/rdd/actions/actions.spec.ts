import { describe, expect, it } from '@jest/globals';
import type { RDD } from '../../../lib/rdd/rdd.ts';
import { partitioned, slow } from '../partitioned.ts';

type Case = [name: string, input: number[][], action: (rdd: RDD<number>) => Promise<unknown>, result: unknown];

const add = (a: number, b: number): number => a + b;
const some = [[3, 1], [], [2, 3]];

const cases: Case[] = [
  ['collect', some, (r) => r.collect(), [3, 1, 2, 3]],
  ['collect of no partitions', [], (r) => r.collect(), []],
  ['count', some, (r) => r.count(), 4],
  ['count of nothing', [[]], (r) => r.count(), 0],
  ['take of some', some, (r) => r.take(3), [3, 1, 2]],
  ['take of more than there is', some, (r) => r.take(9), [3, 1, 2, 3]],
  ['take of none', some, (r) => r.take(0), []],
  ['first skips empty partitions', [[], [7]], (r) => r.first(), 7],
  ['isEmpty of empty partitions', [[], []], (r) => r.isEmpty(), true],
  ['isEmpty of null elements', [[], [1]], (r) => r.map(() => null).isEmpty(), false],
  ['reduce from left to right', some, (r) => r.map(String).reduce((a, b) => `(${a}${b})`), '(((31)2)3)'],
  ['reduce of one does not call', [[5]], (r) => r.reduce(() => Number.NaN), 5],
  ['fold counts zero for each partition and once more', some, (r) => r.fold(10, add), 49],
  ['fold of no partitions', [], (r) => r.fold(10, add), 10],
  [
    'aggregate copies zero',
    some,
    (r) =>
      r.aggregate(
        [] as number[],
        (l, v) => {
          l.push(v);
          return l;
        },
        (l, m) => [...l, 0, ...m],
      ),
    [0, 3, 1, 0, 0, 2, 3],
  ],
  ['top', some, (r) => r.top(2), [3, 3]],
  ['top by key', some, (r) => r.top(2, (x) => -x), [1, 2]],
  ['takeOrdered', some, (r) => r.takeOrdered(3), [1, 2, 3]],
  [
    'takeOrdered by key keeps the order of equal ones',
    some,
    (r) => r.zipWithUniqueId().takeOrdered(3, ([x]) => -x),
    [
      [3, 0],
      [3, 5],
      [2, 2],
    ],
  ],
  ['takeOrdered of none', some, (r) => r.takeOrdered(0), []],
  ['max', some, (r) => r.max(), 3],
  ['max by key', some, (r) => r.max((x) => -x), 1],
  ['min', some, (r) => r.min(), 1],
  ['max puts NaN last, as Java does', [[1, Number.NaN, 2]], (r) => r.max(), Number.NaN],
  ['sum', some, (r) => r.sum(), 9],
  ['sum of nothing', [], (r) => r.sum(), 0],
  ['mean', some, (r) => r.mean(), 2.25],
  ['mean of nothing', [[]], (r) => r.mean(), Number.NaN],
  [
    'variance and stdev',
    [
      [2, 4],
      [4, 4, 5, 5, 7, 9],
    ],
    async (r) => [await r.variance(), await r.stdev()],
    [4, 2],
  ],
  [
    'stats',
    [[1], [2, 3]],
    async (r) => {
      const s = await r.stats();
      return [s.count, s.min, s.max, s.sampleVariance];
    },
    [3, 1, 3, 1],
  ],
  [
    'countByValue',
    some,
    async (r) => [...(await r.countByValue())],
    [
      [3, 2],
      [1, 1],
      [2, 1],
    ],
  ],
  ['countByValue compares by value', some, async (r) => (await r.map((x) => [x]).countByValue()).get([3]), 2],
  [
    'countByKey',
    some,
    async (r) => [...(await r.keyBy((x) => x % 2).countByKey())],
    [
      [1, 3],
      [0, 1],
    ],
  ],
  [
    'collectAsMap keeps the last',
    some,
    async (r) => [...(await r.zipWithIndex().collectAsMap())],
    [
      [3, 3],
      [1, 1],
      [2, 2],
    ],
  ],
  ['lookup', some, (r) => r.zipWithIndex().lookup(3), [0, 3]],
  [
    'lookup compares by value',
    some,
    (r) =>
      r
        .zipWithIndex()
        .map(([x, i]) => [{ x }, i])
        .lookup({ x: 3 }),
    [0, 3],
  ],
  [
    'foreach goes in order',
    some,
    async (r) => {
      const seen: number[] = [];
      await r.foreach((x) => {
        seen.push(x);
      });
      return seen;
    },
    [3, 1, 2, 3],
  ],
  [
    'foreachPartition sees empty ones, one at a time',
    some,
    async (r) => {
      const seen: unknown[] = [];
      await r.foreachPartition(async (it) => {
        seen.push('open');
        await Promise.resolve();
        seen.push([...it]);
      });
      return seen;
    },
    ['open', [3, 1], 'open', [], 'open', [2, 3]],
  ],
];

describe('actions', () => {
  it.each(cases)('%s', async (_, input, action, result) => {
    expect(await action(partitioned(input))).toEqual(result);
  });

  it.each(cases)('%s, from a source that waits', async (_, input, action, result) => {
    expect(await action(slow(input))).toEqual(result);
  });

  it.each<[name: string, (rdd: RDD<number>) => Promise<unknown>]>([
    ['first', (r) => r.first()],
    ['reduce', (r) => r.reduce(add)],
    ['max', (r) => r.max()],
    ['min', (r) => r.min((x) => x)],
  ])('%s refuses an empty RDD', async (operator, action) => {
    await expect(action(partitioned([[], []]))).rejects.toMatchObject({
      code: 'RDD_EMPTY_COLLECTION',
      params: { operator },
    });
  });

  it.each([[-1], [1.5], [Number.NaN]])('take, top and takeOrdered refuse %p', async (n) => {
    for (const action of [partitioned(some).take(n), partitioned(some).top(n), partitioned(some).takeOrdered(n)]) {
      await expect(action).rejects.toMatchObject({ code: 'RDD_ARGUMENT' });
    }
  });

  it('takeSample chooses every element equally often', async () => {
    const counts = new Map<number, number>();
    const rdd = partitioned([
      [0, 1],
      [2, 3, 4],
    ]);
    for (let seed = 0; seed < 2000; seed++) {
      for (const x of await rdd.takeSample(false, 2, seed)) counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    expect([...counts.values()].map((n) => Math.abs(n - 800) < 100)).toEqual([true, true, true, true, true]);
  });

  it('toLocalIterator computes a partition when it gets there', async () => {
    const computed: number[] = [];
    const rdd = partitioned([[1], [2], [3]]).mapPartitionsWithIndex((i, it) => {
      computed.push(i);
      return it;
    });
    for await (const x of rdd.toLocalIterator()) if (x === 2) break;
    expect(computed).toEqual([0, 1]);
  });

  it.each([[0], [1.5], [[1]], [[2, 1]], [[1, Number.NaN]]])('histogram refuses buckets %j', async (buckets) => {
    await expect(partitioned([[1, 2]]).histogram(buckets)).rejects.toMatchObject({ code: 'RDD_ARGUMENT' });
  });

  it('computes no partition after the one that completes take', async () => {
    const computed: number[] = [];
    const rdd = partitioned([[1], [2], [3]]).mapPartitionsWithIndex((i, it) => {
      computed.push(i);
      return it;
    });
    expect(await rdd.take(2)).toEqual([1, 2]);
    expect(computed).toEqual([0, 1]);
  });

  it('reduces and folds in a tree as it does in a row', async () => {
    const numbers = partitioned([[1, 2], [], [3]]);
    expect(await numbers.treeReduce((a, b) => a * 10 + b)).toBe(123);
    expect(
      await numbers.treeAggregate<number[]>(
        [],
        (all, n) => [...all, n],
        (a, b) => [...a, ...b],
      ),
    ).toEqual([1, 2, 3]);
    await expect(partitioned<number>([[]]).treeReduce((a) => a)).rejects.toMatchObject({
      code: 'RDD_EMPTY_COLLECTION',
    });
  });

  it('reduceByKeyLocally gives a map by value', async () => {
    const pairs = partitioned<readonly [string[], number]>([
      [
        [['k'], 1],
        [['j'], 5],
      ],
      [[['k'], 2]],
    ]);
    const map = await pairs.reduceByKeyLocally((a, b) => a + b);
    expect([map.get(['k']), map.get(['j']), map.get(['x'])]).toEqual([3, 5, undefined]);
  });

  it('localCheckpoint computes once', async () => {
    let calls = 0;
    const rdd = partitioned([[1, 2]]).map((n) => {
      calls += 1;
      return n;
    });
    await rdd.localCheckpoint().count();
    expect([await rdd.count(), calls]).toEqual([2, 2]);
  });

  it('doubleAccumulator sums and averages what functions add', async () => {
    const rdd = partitioned([[1.5, 2.5], [5]]);
    const sum = rdd.sparkContext.doubleAccumulator('sum');
    await rdd.foreach((n) => {
      sum.add(n);
    });
    expect([sum.name, sum.value, sum.count, sum.avg, sum.isZero]).toEqual(['sum', 9, 3, 3, false]);
    sum.reset();
    expect(sum.isZero).toBe(true);
  });

  it('keeps no more of a long RDD than top needs', async () => {
    const { sparkContext } = partitioned([]);
    expect(await sparkContext.range(0, 30_000, 7).top(3)).toEqual([29_995, 29_988, 29_981]);
  });

  it.each<[left: unknown, right: unknown]>([
    [1, '1'],
    [null, 1],
    [{}, {}],
    [[1], ['1']],
    [new Date(0), 0],
    [1n, 1],
  ])('refuses to order %p and %p', async (left, right) => {
    await expect(partitioned([[left], [right]]).max()).rejects.toMatchObject({ code: 'RDD_NOT_COMPARABLE' });
  });

  it.each<[sorted: unknown[]]>([
    [[Number.NEGATIVE_INFINITY, -1, -0, 0, 5, Number.POSITIVE_INFINITY, Number.NaN]],
    [['', 'A', 'B', 'a', 'ä', '\u{ffff}']],
    [[false, true]],
    [[-1n, 2n, 2n ** 70n]],
    [[new Date(-1), new Date(5)]],
    [[[], [1], [1, 2], [2]]],
  ])('orders %p', async (sorted) => {
    expect(
      await partitioned([sorted.toReversed()])
        .sortBy((x) => x)
        .collect(),
    ).toEqual(sorted);
  });
});
