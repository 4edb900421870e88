import { describe, expect, it } from '@jest/globals';
import { SparkContext } from '../../lib/rdd/spark-context.ts';

describe('RDD', () => {
  it('counts words', async () => {
    const sc = new SparkContext();
    const words = sc.parallelize(['a b', 'a']).flatMap((line) => line.split(' '));
    const totals = words.map((word) => [word, 1]).reduceByKey((a, b) => a + b);
    expect((await totals.collect()).sort()).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
