import { describe, expect, it } from '@jest/globals';
import { elementText } from '../../lib/rdd/element-text.ts';
import { SparkContext } from '../../lib/rdd/spark-context.ts';
import { partitioned, partitionsOf, slow } from './partitioned.ts';

const add = (a: number, b: number): number => a + b;

describe('an RDD', () => {
  it('runs nothing before an action, and everything again at each', async () => {
    let calls = 0;
    const rdd = partitioned([[1], [2]]).map((x) => {
      calls += 1;
      return x;
    });
    const chain = rdd
      .filter(() => true)
      .keyBy((x) => x)
      .mapValues((x) => x)
      .union(rdd.keyBy((x) => x));
    await Promise.resolve();
    expect(calls).toBe(0);
    await chain.count();
    expect(calls).toBe(4);
    await chain.count();
    expect(calls).toBe(8);
  });

  it('runs a shuffle once, however many use it', async () => {
    let calls = 0;
    const rdd = slow([[1], [2]]).map((x) => {
      calls += 1;
      return x;
    });
    const totals = rdd.keyBy((x) => x).reduceByKey(add);
    await Promise.all([totals.count(), totals.collect(), totals.join(totals).count()]);
    await totals.mapValues((x) => x + 1).count();
    expect(calls).toBe(2);
  });

  it('is not changed by what is made of it, by its input list, or by who has its elements', async () => {
    const list = [3, 1, 2];
    const rdd = new SparkContext().parallelize(list, 1);
    list.push(4);
    const sums = rdd.keyBy(() => 'k').reduceByKey(add);
    const sorted = rdd.sortBy((x) => x);
    for (const pair of await sums.collect()) pair[1] = -1;
    expect([await rdd.collect(), await sums.collect(), await sorted.collect(), await rdd.collect()]).toEqual([
      [3, 1, 2],
      [['k', 6]],
      [1, 2, 3],
      [3, 1, 2],
    ]);
  });

  it('gives groups out as arrays of their own', async () => {
    const pairs = partitioned([[2, 1]]).keyBy(() => 'k');
    const [grouped, cogrouped] = [pairs.groupByKey(), pairs.cogroup(pairs)];
    await grouped.mapValues((values) => values.splice(0)).count();
    await cogrouped.foreach(([, [left]]) => {
      left.pop();
    });
    expect([await grouped.collect(), await cogrouped.collect()]).toEqual([
      [['k', [2, 1]]],
      [
        [
          'k',
          [
            [2, 1],
            [2, 1],
          ],
        ],
      ],
    ]);
  });

  it('keeps its elements once persisted, also for what was made of it before', async () => {
    let calls = 0;
    const rdd = partitioned([[1], [2]]).map((x) => {
      calls += 1;
      return x;
    });
    const before = rdd.map((x) => x * 10);
    expect(rdd.persist()).toBe(rdd);
    expect(await rdd.take(1)).toEqual([1]);
    expect(calls).toBe(1);
    expect([await rdd.collect(), await before.collect(), await rdd.map((x) => -x).collect()]).toEqual([
      [1, 2],
      [10, 20],
      [-1, -2],
    ]);
    expect(calls).toBe(2);
    rdd.unpersist();
    await before.count();
    expect(calls).toBe(4);
  });

  it('persists what is under way once', async () => {
    let calls = 0;
    const rdd = slow([[1, 2]])
      .map((x) => {
        calls += 1;
        return x;
      })
      .cache();
    await Promise.all([rdd.count(), rdd.collect()]);
    expect(calls).toBe(2);
  });

  it('has an id, a name and a context', () => {
    const sc = new SparkContext();
    const first = sc.parallelize([1]);
    const second = first.map((x) => x);
    expect([first.id(), second.id(), second.name(), second.setName('copy').name(), second.sparkContext]).toEqual([
      0,
      1,
      undefined,
      'copy',
      sc,
    ]);
  });

  it('describes what it is made from', () => {
    const sc = new SparkContext();
    const words = sc
      .parallelize(['a'], 4)
      .cache()
      .map((w) => [w, 1]);
    const joined = words.reduceByKey(add, 2).join(words, 3).setName('both');
    expect(joined.toDebugString()).toBe(
      [
        '(3) join both',
        ' |  (3) cogroup',
        ' | |  (2) reduceByKey',
        ' | |  (4) map',
        ' | |  (4) parallelize [persisted]',
        ' | |  (4) map',
        ' | |  (4) parallelize [persisted]',
      ].join('\n'),
    );
  });
});

describe('SparkContext', () => {
  it('makes RDDs', async () => {
    const sc = new SparkContext({ defaultParallelism: 3 });
    expect(await partitionsOf(sc.parallelize(new Set([1, 2, 3])))).toEqual([[1], [2], [3]]);
    expect(await partitionsOf(sc.makeRDD([1, 2], 1))).toEqual([[1, 2]]);
    expect([sc.emptyRDD().getNumPartitions(), await sc.emptyRDD().collect()]).toEqual([0, []]);
    expect(await partitionsOf(sc.union([sc.parallelize([1], 1), sc.parallelize([2], 1)]))).toEqual([[1], [2]]);
    expect(await sc.union([]).count()).toBe(0);
    expect(await partitionsOf(sc.range(5))).toEqual([[0], [1, 2], [3, 4]]);
    expect(await sc.range(10, 0, -4).collect()).toEqual([10, 6, 2]);
    expect(await sc.range(3, 3).collect()).toEqual([]);
  });

  it('shares values and counts', async () => {
    const sc = new SparkContext();
    const names = sc.broadcast(['zero', 'one']);
    const [sum, list] = [sc.longAccumulator('sum'), sc.collectionAccumulator<string>()];
    await sc.parallelize([0, 1, 1]).foreach((x) => {
      sum.add(x + 1);
      list.add(names.value[x] ?? '');
    });
    expect([sum.name, sum.value, sum.count, sum.avg, list.value]).toEqual(['sum', 5, 3, 5 / 3, ['zero', 'one', 'one']]);
    sum.reset();
    list.reset();
    expect([sum.value, sum.isZero, list.value, list.isZero]).toEqual([0, true, [], true]);
  });
});

describe('elementText', () => {
  const circle: unknown[] = [];
  circle.push(circle, 1);
  it.each<[value: unknown, text: string]>([
    ['a b', 'a b'],
    [1.5, '1.5'],
    [-0, '-0'],
    [10n, '10'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['a', 1], '(a,1)'],
    [['a', [1, null]], '(a,(1,null))'],
    [[1, 2, 3], '[1, 2, 3]'],
    [[], '[]'],
    [{ a: 1, b: ['x', { c: 2 }] }, '{a: 1, b: (x,{c: 2})}'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'Invalid Date'],
    [Uint8Array.of(1, 2), '<2 bytes>'],
    [new Map([['k', 1]]), '{k: 1}'],
    [new Set([1, 2]), '{1, 2}'],
    [circle, '([circular],1)'],
    [Symbol.iterator, 'Symbol(Symbol.iterator)'],
  ])('writes %p', (value, text) => {
    expect(elementText(value)).toBe(text);
  });
});
