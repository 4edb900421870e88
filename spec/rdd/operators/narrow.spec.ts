import { describe, expect, it } from '@jest/globals';
import type { RDD } from '../../../lib/rdd/rdd.ts';
import { partitioned, partitionsOf, slow } from '../partitioned.ts';

type Case = [name: string, input: number[][], chain: (rdd: RDD<number>) => RDD<unknown>, output: unknown[][]];

const cases: Case[] = [
  ['map keeps partitions and order', [[1, 2], [], [3]], (r) => r.map((x) => x * 2), [[2, 4], [], [6]]],
  ['map of no partitions', [], (r) => r.map((x) => x), []],
  ['map may give null, undefined and promises', [[1]], (r) => r.map(() => undefined), [[undefined]]],
  ['filter keeps what is truthy', [[1, 2, 0], [3]], (r) => r.filter((x) => x % 2), [[1], [3]]],
  ['filter that drops all keeps the partitions', [[1], [2]], (r) => r.filter(() => false), [[], []]],
  ['flatMap of arrays', [[0, 2], [1]], (r) => r.flatMap((x) => Array(x).fill(x)), [[2, 2], [1]]],
  ['flatMap of text gives its characters', [[12]], (r) => r.flatMap(String), [['1', '2']]],
  [
    'flatMap of a generator',
    [[2]],
    (r) =>
      r.flatMap(function* (x) {
        yield x;
        yield -x;
      }),
    [[2, -2]],
  ],
  ['flatMap of a set', [[2]], (r) => r.flatMap((x) => new Set([x, x])), [[2]]],
  [
    'mapPartitions runs for empty partitions',
    [[1, 2], []],
    (r) => r.mapPartitions((it) => [[...it].length]),
    [[2], [0]],
  ],
  [
    'mapPartitions gives an iterator',
    [[1, 2]],
    (r) => r.mapPartitions((it) => [it.next().value, it.next().value, it.next().done]),
    [[1, 2, true]],
  ],
  [
    'mapPartitions with a generator',
    [[1, 2]],
    (r) =>
      r.mapPartitions(function* (it) {
        for (const x of it) yield x + 1;
      }),
    [[2, 3]],
  ],
  [
    'mapPartitionsWithIndex',
    [[7], [8]],
    (r) => r.mapPartitionsWithIndex((i, it) => [...it].map((x) => [i, x])),
    [[[0, 7]], [[1, 8]]],
  ],
  ['glom', [[1, 2], [], [3]], (r) => r.glom(), [[[1, 2]], [[]], [[3]]]],
  ['union with itself doubles', [[1], [2]], (r) => r.union(r), [[1], [2], [1], [2]]],
  ['union puts the left first', [[1]], (r) => r.union(partitioned([[5], []])), [[1], [5], []]],
  [
    'keyBy',
    [[1, 2]],
    (r) => r.keyBy((x) => x % 2),
    [
      [
        [1, 1],
        [0, 2],
      ],
    ],
  ],
  [
    'keys and values',
    [[1, 2]],
    (r) =>
      r
        .keyBy((x) => -x)
        .keys()
        .union(r.keyBy((x) => -x).values()),
    [
      [-1, -2],
      [1, 2],
    ],
  ],
  ['mapValues', [[1]], (r) => r.keyBy((x) => x).mapValues((v) => v + 10), [[[1, 11]]]],
  [
    'flatMapValues drops keys without values',
    [[1, 2]],
    (r) => r.keyBy((x) => x).flatMapValues((v) => (v > 1 ? [v, v] : [])),
    [
      [
        [2, 2],
        [2, 2],
      ],
    ],
  ],
  [
    'coalesce joins neighbours',
    [[1], [2], [3], [4], [5]],
    (r) => r.coalesce(2),
    [
      [1, 2],
      [3, 4, 5],
    ],
  ],
  ['coalesce never adds partitions', [[1], [2]], (r) => r.coalesce(5), [[1], [2]]],
  ['coalesce of no partitions', [], (r) => r.coalesce(5), []],
  ['coalesce with shuffle adds partitions', [[1, 2, 3]], (r) => r.coalesce(2, true), [[1, 3], [2]]],
  ['repartition deals out evenly', [[1, 2, 3], [4]], (r) => r.repartition(3), [[1, 4], [2], [3]]],
  ['repartition of nothing', [[]], (r) => r.repartition(2), [[], []]],
  ['repartition to one keeps the order', [[3], [1, 2]], (r) => r.repartition(1), [[3, 1, 2]]],
  [
    'zipWithIndex counts over partitions',
    [[7, 8], [], [9]],
    (r) => r.zipWithIndex(),
    [
      [
        [7, 0],
        [8, 1],
      ],
      [],
      [[9, 2]],
    ],
  ],
  [
    'zipWithUniqueId',
    [[7, 8], [9]],
    (r) => r.zipWithUniqueId(),
    [
      [
        [7, 0],
        [8, 2],
      ],
      [[9, 1]],
    ],
  ],
  [
    'zip pairs by position',
    [[1, 2], [3]],
    (r) => r.zip(r.map(String)),
    [
      [
        [1, '1'],
        [2, '2'],
      ],
      [[3, '3']],
    ],
  ],
  [
    'cartesian',
    [[1, 2], [3]],
    (r) => r.cartesian(partitioned([['a'], ['b']])),
    [
      [
        [1, 'a'],
        [2, 'a'],
      ],
      [
        [1, 'b'],
        [2, 'b'],
      ],
      [[3, 'a']],
      [[3, 'b']],
    ],
  ],
  ['cartesian with nothing', [[1]], (r) => r.cartesian(partitioned<number>([])), []],
  [
    'mapAsync keeps order',
    [[3, 1, 2], []],
    (r) => r.mapAsync(async (x) => await Promise.resolve(x * 2), { concurrency: 2 }),
    [[6, 2, 4], []],
  ],
  [
    'zipPartitions',
    [[1, 2], [3]],
    (r) => r.zipPartitions(r.glom(), (a, b) => [[...a].length, [...b].length]),
    [
      [2, 1],
      [1, 1],
    ],
  ],
  ['sample of everything', [[1, 2], [3]], (r) => r.sample(false, 1), [[1, 2], [3]]],
  ['sample of nothing', [[1, 2], [3]], (r) => r.sample(true, 0), [[], []]],
];

describe('narrow operators', () => {
  it.each(cases)('%s', async (_, input, chain, output) => {
    expect(await partitionsOf(chain(partitioned(input)))).toEqual(output);
  });

  it.each(cases)('%s, from a source that waits', async (_, input, chain, output) => {
    expect(await partitionsOf(chain(slow(input)))).toEqual(output);
  });

  it('cuts a list as Spark does', async () => {
    const { sparkContext } = partitioned([]);
    expect(await partitionsOf(sparkContext.parallelize([1, 2, 3, 4, 5], 3))).toEqual([[1], [2, 3], [4, 5]]);
    expect(await partitionsOf(sparkContext.parallelize([6], 3))).toEqual([[], [], [6]]);
  });

  it('pushes a long list completely and in order, with turns for the event loop', async () => {
    const { sparkContext } = partitioned([]);
    const n = 50_000;
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const values = await sparkContext.range(0, n, 1, 1).glom().collect();
    const listed = await sparkContext.parallelize(values[0] ?? [], 1).collect();
    clearInterval(counting);
    expect(listed).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(turns).toBeGreaterThan(0);
  });

  it('zipWithIndex counts what was not computed before it', async () => {
    const zipped = partitioned([[7, 8], [9]]).zipWithIndex();
    const seen: unknown[] = [];
    await zipped.node.compute(1, (value) => seen.push(value));
    expect(seen).toEqual([[9, 2]]);
  });

  it('closes a generator when a later step fails', async () => {
    let isClosed = false;
    const rdd = partitioned([[1]]).flatMap(function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        isClosed = true;
      }
    });
    await expect(rdd.map(() => JSON.parse('{') as number).count()).rejects.toMatchObject({
      where: { operator: 'map' },
    });
    expect(isClosed).toBe(true);
  });

  it('runs no more calls of mapAsync at a time than told, and waits for those under way when one fails', async () => {
    let running = 0;
    let most = 0;
    let settled = 0;
    const rdd = partitioned([[1, 2, 3, 4, 5, 6]]).mapAsync(
      async (x) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        settled += 1;
        if (x === 2) throw new RangeError('two');
        return x;
      },
      { concurrency: 3 },
    );
    await expect(rdd.count()).rejects.toMatchObject({ code: 'RDD_FUNCTION_FAILED', cause: new RangeError('two') });
    expect([most, running]).toEqual([3, 0]);
    expect(settled).toBeLessThan(6);
  });

  it('randomSplit puts each element into one part, of about the size asked for', async () => {
    const numbers = partitioned([]).sparkContext.range(0, 10_000, 1, 3);
    const parts = await Promise.all(numbers.randomSplit([1, 0, 3], 5).map(async (part) => await part.collect()));
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(await numbers.collect());
    const [quarter = [], none = [], rest = []] = parts;
    expect([Math.abs(quarter.length - 2500) < 150, none.length, Math.abs(rest.length - 7500) < 150]).toEqual([
      true,
      0,
      true,
    ]);
    expect(() => numbers.randomSplit([0, 0])).toThrow('RDD_ARGUMENT');
  });

  it('samples the same elements for the same seed, and about the fraction', async () => {
    const numbers = partitioned([]).sparkContext.range(0, 20_000, 1, 3);
    const [once, again, other] = [
      numbers.sample(false, 0.3, 7),
      numbers.sample(false, 0.3, 7),
      numbers.sample(false, 0.3, 8),
    ];
    expect(await once.collect()).toEqual(await again.collect());
    expect(await once.collect()).not.toEqual(await other.collect());
    expect(Math.abs((await once.count()) - 6000)).toBeLessThan(300);
    expect(Math.abs((await numbers.sample(true, 2.5, 7).count()) - 50_000)).toBeLessThan(1000);
  });
});
