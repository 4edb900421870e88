import { describe, expect, it } from '@jest/globals';
import { HashPartitioner, type Partitioner, type RDD } from '../../../lib/index.ts';
import { partitioned, partitionsOf } from '../partitioned.ts';

type Pairs = RDD<readonly [string, number]>;

/** By the first letter, and counts how often it was asked. */
class ByLetter implements Partitioner {
  readonly numPartitions = 3;
  asked = 0;

  partitionOf(key: unknown): number {
    this.asked += 1;
    return String(key).charCodeAt(0) % 3;
  }
}

const left = (): Pairs =>
  partitioned<readonly [string, number]>([
    [
      ['a', 1],
      ['b', 2],
    ],
    [['a', 3]],
  ]);
const right = (): Pairs => partitioned<readonly [string, number]>([[['b', 10]], [['c', 20]]], left().sparkContext);

const wide = (partitions: number): Pairs => right().repartition(partitions);

/** Steps over two RDDs, each as it is when both are partitioned already. */
const steps: readonly (readonly [string, (l: Pairs, r: Pairs) => RDD<unknown>])[] = [
  ['join', (l, r) => l.join(r)],
  ['leftOuterJoin', (l, r) => l.leftOuterJoin(r)],
  ['fullOuterJoin', (l, r) => l.fullOuterJoin(r)],
  ['cogroup', (l, r) => l.cogroup(r)],
  ['groupWith', (l, r) => l.groupWith(r)],
  ['subtractByKey', (l, r) => l.subtractByKey(r)],
  ['reduceByKey', (l) => l.reduceByKey((a, b) => a + b)],
  ['groupByKey', (l) => l.groupByKey()],
  [
    'combineByKey',
    (l) =>
      l.combineByKey(
        (v) => [v],
        (c: number[], v) => [...c, v],
        (a, b) => [...a, ...b],
      ),
  ],
  [
    'aggregateByKey',
    (l) =>
      l.aggregateByKey(
        0,
        (a, b) => a + b,
        (a, b) => a + b,
      ),
  ],
  [
    'mapValues, filter and join',
    (l, r) =>
      l
        .mapValues((v) => v + 1)
        .filter(([, v]) => v > 2)
        .join(r.flatMapValues((v) => [v, v])),
  ],
  ['mapPartitions that keeps keys, and join', (l, r) => l.mapPartitions((pairs) => pairs, true).join(r)],
  ['sample and join', (l, r) => l.sample(false, 1).join(r.sampleByKey(false, { b: 1, c: 1 }))],
  ['a join of a join', (l, r) => l.join(r).join(r)],
];

describe('pairs that stand where their partitioner puts them', () => {
  it.each(steps)('%s moves nothing, and gives what it gives when it moves', async (_, step) => {
    const by = new ByLetter();
    const [l, r] = [left().partitionBy(by).cache(), right().partitionBy(by).cache()];
    await Promise.all([l.count(), r.count()]);
    const asked = by.asked;
    const result = step(l, r);
    expect(result.partitioner).toBe(by);
    const inPlace = await partitionsOf(result);
    expect(by.asked).toBe(asked);
    // Equal, and another object: everything is moved.
    const moving = await partitionsOf(step(left().partitionBy(new ByLetter()), right().partitionBy(by)));
    expect(
      inPlace
        .flat()
        .map((x) => JSON.stringify(x))
        .toSorted(),
    ).toEqual(
      moving
        .flat()
        .map((x) => JSON.stringify(x))
        .toSorted(),
    );
  });

  it('lookup computes one partition', async () => {
    const by = new ByLetter();
    let computed = 0;
    const rdd = left()
      .partitionBy(by)
      .mapValues((v) => {
        computed += 1;
        return v;
      });
    expect(await rdd.lookup('b')).toEqual([2]);
    expect(computed).toBe(1);
    expect(await rdd.lookup('zebra')).toEqual([]);
  });

  it('partitionBy of the same partitioner is the RDD itself', () => {
    const once = left().partitionBy(new HashPartitioner(4));
    expect(once.partitionBy(4).node).toBe(once.node);
    expect(once.partitionBy(5).node).not.toBe(once.node);
  });

  it('a join without a word takes the partitioner of a parent, unless another is ten times as wide', async () => {
    const three = left().reduceByKey((a, b) => a + b, 3);
    expect(three.join(wide(7)).getNumPartitions()).toBe(3);
    expect(three.join(wide(30)).getNumPartitions()).toBe(30);
    expect(three.join(left().groupByKey(5)).getNumPartitions()).toBe(5);
    expect(three.join(wide(2), 4).getNumPartitions()).toBe(4);
    expect(three.map((pair) => pair).partitioner).toBeNull();
  });
});
