import { describe, expect, it } from '@jest/globals';
import type { Pair } from '../../../lib/rdd/pair.ts';
import type { RDD } from '../../../lib/rdd/rdd.ts';
import { partitioned, partitionsOf, slow } from '../partitioned.ts';

type Pairs = RDD<Pair<string, number>>;
type Case = [name: string, input: Pair<string, number>[][], chain: (rdd: Pairs) => RDD<unknown>, output: unknown[]];

const some: Pair<string, number>[][] = [
  [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ],
  [],
  [
    ['b', 4],
    ['c', 5],
    ['a', 6],
  ],
];
const other = partitioned<Pair<string, string>>([
  [
    ['a', 'x'],
    ['d', 'y'],
  ],
  [
    ['a', 'z'],
    ['c', 'w'],
  ],
]);
const add = (a: number, b: number): number => a + b;

/** One output partition, so that the order of keys shows. */
const cases: Case[] = [
  [
    'reduceByKey',
    some,
    (r) => r.reduceByKey(add, 1),
    [
      ['a', 10],
      ['b', 6],
      ['c', 5],
    ],
  ],
  [
    'reduceByKey goes from left to right',
    some,
    (r) => r.mapValues(String).reduceByKey((a, b) => `(${a}${b})`, 1),
    [
      ['a', '((13)6)'],
      ['b', '(24)'],
      ['c', '5'],
    ],
  ],
  ['reduceByKey of nothing', [[], []], (r) => r.reduceByKey(add, 1), []],
  ['reduceByKey of no partitions', [], (r) => r.reduceByKey(add, 1), []],
  [
    'groupByKey keeps order of arrival',
    some,
    (r) => r.groupByKey(1),
    [
      ['a', [1, 3, 6]],
      ['b', [2, 4]],
      ['c', [5]],
    ],
  ],
  [
    'groupBy',
    some,
    (r) => r.groupBy(([, v]) => v % 2, 1),
    [
      [
        1,
        [
          ['a', 1],
          ['a', 3],
          ['c', 5],
        ],
      ],
      [
        0,
        [
          ['b', 2],
          ['b', 4],
          ['a', 6],
        ],
      ],
    ],
  ],
  [
    'combineByKey makes one combiner for each partition',
    some,
    (r) =>
      r.combineByKey(
        (v) => [v, 1],
        ([s, n = 0], v) => [(s ?? 0) + v, n],
        ([s = 0, n = 0], [t = 0, m = 0]) => [s + t, n + m],
        1,
      ),
    [
      ['a', [10, 2]],
      ['b', [6, 2]],
      ['c', [5, 1]],
    ],
  ],
  [
    'combineByKey merges combiners in order of partitions',
    [
      [
        ['k', 1],
        ['k', 2],
      ],
      [['k', 3]],
      [['k', 4]],
    ],
    (r) =>
      r.combineByKey(
        String,
        (c, v) => `${c}${v}`,
        (a, b) => `(${a}|${b})`,
        1,
      ),
    [['k', '((12|3)|4)']],
  ],
  [
    'combineByKey without combining on the map side',
    some,
    (r) =>
      r.combineByKey(
        () => 1,
        (c) => c,
        add,
        1,
        { mapSideCombine: false },
      ),
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ],
  ],
  [
    'aggregateByKey counts zero for each partition',
    some,
    (r) => r.aggregateByKey(100, add, add, 1),
    [
      ['a', 210],
      ['b', 206],
      ['c', 105],
    ],
  ],
  [
    'aggregateByKey copies zero',
    some,
    (r) =>
      r.aggregateByKey(
        [] as number[],
        (l, v) => {
          l.push(v);
          return l;
        },
        (l, m) => [...l, ...m],
        1,
      ),
    [
      ['a', [1, 3, 6]],
      ['b', [2, 4]],
      ['c', [5]],
    ],
  ],
  [
    'foldByKey counts zero for each partition',
    some,
    (r) => r.foldByKey(10, add, 1),
    [
      ['a', 30],
      ['b', 26],
      ['c', 15],
    ],
  ],
  [
    'distinct keeps the first',
    [
      [
        ['a', 1],
        ['a', 1],
      ],
      [
        ['a', 1],
        ['b', 1],
      ],
    ],
    (r) => r.distinct(1),
    [
      ['a', 1],
      ['b', 1],
    ],
  ],
  [
    'cogroup has the keys of both sides',
    some,
    (r) => r.cogroup(other, 1),
    [
      [
        'a',
        [
          [1, 3, 6],
          ['x', 'z'],
        ],
      ],
      ['b', [[2, 4], []]],
      ['c', [[5], ['w']]],
      ['d', [[], ['y']]],
    ],
  ],
  [
    'groupWith takes several',
    [[['a', 1]]],
    (r) =>
      r.groupWith(
        other.filter(([k]) => k === 'a'),
        r,
      ),
    [['a', [[1], ['x', 'z'], [1]]]],
  ],
  [
    'join multiplies',
    some,
    (r) => r.join(other, 1),
    [
      ['a', [1, 'x']],
      ['a', [1, 'z']],
      ['a', [3, 'x']],
      ['a', [3, 'z']],
      ['a', [6, 'x']],
      ['a', [6, 'z']],
      ['c', [5, 'w']],
    ],
  ],
  [
    'leftOuterJoin',
    [
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    (r) => r.leftOuterJoin(other, 1),
    [
      ['a', [1, 'x']],
      ['a', [1, 'z']],
      ['b', [2, null]],
    ],
  ],
  [
    'rightOuterJoin',
    [
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    (r) => r.rightOuterJoin(other, 1),
    [
      ['a', [1, 'x']],
      ['a', [1, 'z']],
      ['d', [null, 'y']],
      ['c', [null, 'w']],
    ],
  ],
  [
    'fullOuterJoin',
    [
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    (r) => r.fullOuterJoin(other, 1),
    [
      ['a', [1, 'x']],
      ['a', [1, 'z']],
      ['b', [2, null]],
      ['d', [null, 'y']],
      ['c', [null, 'w']],
    ],
  ],
  ['join with nothing', some, (r) => r.join(partitioned<Pair<string, number>>([]), 1), []],
  [
    'subtractByKey',
    some,
    (r) => r.subtractByKey(other, 1),
    [
      ['b', 2],
      ['b', 4],
    ],
  ],
  [
    'subtract keeps duplicates',
    [
      [
        ['a', 1],
        ['a', 1],
        ['b', 2],
      ],
    ],
    (r) => r.subtract(partitioned<Pair<string, number>>([[['b', 2]]]), 1),
    [
      ['a', 1],
      ['a', 1],
    ],
  ],
  [
    'intersection gives each once',
    [
      [
        ['a', 1],
        ['a', 1],
        ['b', 2],
      ],
    ],
    (r) => r.intersection(partitioned<Pair<string, number>>([[['a', 1]], [['a', 1]]]), 1),
    [['a', 1]],
  ],
  [
    'sortByKey is stable',
    some,
    (r) => r.sortByKey(),
    [
      ['a', 1],
      ['a', 3],
      ['a', 6],
      ['b', 2],
      ['b', 4],
      ['c', 5],
    ],
  ],
  [
    'sortByKey descending is stable too',
    some,
    (r) => r.sortByKey(false),
    [
      ['c', 5],
      ['b', 2],
      ['b', 4],
      ['a', 1],
      ['a', 3],
      ['a', 6],
    ],
  ],
  ['sortBy', some, (r) => r.values().sortBy((v) => -v), [6, 5, 4, 3, 2, 1]],
  [
    'sortBy by several',
    some,
    (r) => r.sortBy(([k, v]) => [k, -v]),
    [
      ['a', 6],
      ['a', 3],
      ['a', 1],
      ['b', 4],
      ['b', 2],
      ['c', 5],
    ],
  ],
];

describe('shuffles', () => {
  it.each(cases)('%s', async (_, input, chain, output) => {
    expect(await chain(partitioned(input)).collect()).toEqual(output);
  });

  it.each(cases)('%s, from a source that waits', async (_, input, chain, output) => {
    expect(await chain(slow(input)).collect()).toEqual(output);
  });

  it('does not call the function of reduceByKey for a key with one value', async () => {
    const calls: [number, number][] = [];
    const sums = partitioned(some).reduceByKey((a, b) => {
      calls.push([a, b]);
      return a + b;
    }, 1);
    await sums.count();
    expect(calls).toEqual([
      [1, 3],
      [2, 4],
      [4, 6],
    ]);
  });

  it('has as many partitions as its largest parent, or as asked', () => {
    const rdd = partitioned(some);
    expect([
      rdd.reduceByKey(add).getNumPartitions(),
      rdd.join(other).getNumPartitions(),
      other.join(rdd).getNumPartitions(),
      rdd.groupByKey(7).getNumPartitions(),
      rdd.sortByKey(true, 2).getNumPartitions(),
      partitioned<Pair<string, number>>([]).reduceByKey(add).getNumPartitions(),
    ]).toEqual([3, 3, 3, 7, 2, 1]);
  });

  it('puts keys where a partitioner of the user says', async () => {
    const byLetter = { numPartitions: 2, partitionOf: (key: unknown) => (key === 'a' ? 1 : 0) };
    expect(await partitionsOf(partitioned(some).reduceByKey(add, byLetter))).toEqual([
      [
        ['b', 6],
        ['c', 5],
      ],
      [['a', 10]],
    ]);
    expect(await partitionsOf(partitioned(some).partitionBy(byLetter))).toEqual([
      [
        ['b', 2],
        ['b', 4],
        ['c', 5],
      ],
      [
        ['a', 1],
        ['a', 3],
        ['a', 6],
      ],
    ]);
    expect(await partitionsOf(partitioned(some).cogroup(other, byLetter).keys())).toEqual([['b', 'c', 'd'], ['a']]);
  });

  it.each([[2], [-1], [0.5], [Number.NaN], ['0']])('refuses partition %p of a partitioner with two', async (given) => {
    const wrong = { numPartitions: 2, partitionOf: () => given as number };
    for (const rdd of [
      partitioned(some).groupByKey(wrong),
      partitioned(some).partitionBy(wrong),
      partitioned(some).join(other, wrong),
    ]) {
      await expect(rdd.count()).rejects.toMatchObject({
        code: 'RDD_PARTITIONER',
        params: { given: String(given), numPartitions: 2 },
      });
    }
  });

  it('puts equal keys of different RDDs into the same partition', async () => {
    const left = await partitionsOf(partitioned(some).groupByKey(5).keys());
    const right = await partitionsOf(
      partitioned(some)
        .map(([k]) => [k, 0])
        .partitionBy(5)
        .keys(),
    );
    expect(left).toEqual(right.map((keys) => Array.from(new Set(keys))));
  });

  it('repartitionAndSortWithinPartitions sorts each partition by key', async () => {
    const byLetter = { numPartitions: 2, partitionOf: (key: unknown) => (key === 'a' ? 1 : 0) };
    const rdd = partitioned(some).union(partitioned<Pair<string, number>>([[['0', 9]]]));
    expect(await partitionsOf(rdd.repartitionAndSortWithinPartitions(byLetter))).toEqual([
      [
        ['0', 9],
        ['b', 2],
        ['b', 4],
        ['c', 5],
      ],
      [
        ['a', 1],
        ['a', 3],
        ['a', 6],
      ],
    ]);
    const backwards = rdd.repartitionAndSortWithinPartitions(byLetter, false).keys();
    expect(await partitionsOf(backwards)).toEqual([
      ['c', 'b', 'b', '0'],
      ['a', 'a', 'a'],
    ]);
  });

  it('sorts into partitions that follow each other', async () => {
    expect(
      await partitionsOf(
        partitioned([
          [5, 1],
          [4, 2, 3],
        ]).sortBy((x) => x, true, 2),
      ),
    ).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });
});

describe('keys', () => {
  const day = 86_400_000;
  it.each<[name: string, keys: unknown[], distinct: unknown[]]>([
    ['number and text', [1, '1', 1], [1, '1']],
    ['NaN equals NaN', [Number.NaN, Number.NaN], [Number.NaN]],
    ['-0 equals 0', [0, -0], [0]],
    ['arrays by content', [[1], [1], ['1'], [1, 2]], [[1], ['1'], [1, 2]]],
    ['nested arrays by content', [[[1], [2]], [[1], [2]], [[1, 2]]], [[[1], [2]], [[1, 2]]]],
    [
      'objects by content, in any order of names',
      [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }],
      [{ a: 1, b: 2 }, { a: 1 }],
    ],
    ['dates by time', [new Date(day), new Date(day), day], [new Date(day), day]],
    ['null, false, 0 and empty text differ', [null, false, 0, '', null], [null, false, 0, '']],
    ['bigint and number differ', [1n, 1, 1n], [1n, 1]],
    ['bytes by content', [Uint8Array.of(1), Uint8Array.of(1), Uint8Array.of(2)], [Uint8Array.of(1), Uint8Array.of(2)]],
  ])('%s', async (_, keys, distinct) => {
    const pairs = keys.map((key): Pair<unknown, number> => [key, 1]);
    const rdd = partitioned([pairs.slice(0, 1), pairs.slice(1)]);
    const totals = await rdd.reduceByKey((a, b) => a + b, 1).collect();
    expect(totals.map(([key]) => key)).toEqual(distinct);
    expect(totals.reduce((sum, [, n]) => sum + n, 0)).toBe(keys.length);
    expect(await rdd.keys().distinct(1).collect()).toEqual(distinct);
    expect(await rdd.cogroup(rdd, 1).keys().collect()).toEqual(distinct);
    expect(await rdd.groupByKey(4).keys().collect()).toHaveLength(distinct.length);
  });
});
