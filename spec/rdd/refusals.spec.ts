import { describe, expect, it } from '@jest/globals';
import { MillraceError, type RDD, SparkContext } from '../../lib/index.ts';

const sc = new SparkContext();
const numbers = (): RDD<number> => sc.parallelize([1, 2]);
const pairs = (): RDD<[string, number]> => numbers().keyBy(() => 'k');
const no = null as never;

/** What is wrong, what is named in the refusal, and the call. */
const refused: readonly (readonly [names: string, call: () => unknown])[] = [
  ['parallelize.*values', () => sc.parallelize(no)],
  ['parallelize.*values', () => sc.parallelize('abc' as never)],
  ['parallelize.*numSlices', () => sc.parallelize([1], 0)],
  ['parallelize.*values', () => sc.makeRDD(5 as never)],
  ['union.*rdds', () => sc.union(no)],
  ['union.*an RDD', () => sc.union([numbers(), [1] as never])],
  ['range', () => sc.range('a' as never)],
  ['range', () => sc.range(0, 5, 0)],
  ['numPartitions', () => sc.range(0, 5, 1, 0)],
  ['textFile.*path', () => sc.textFile(no)],
  ['textFile.*numPartitions', () => sc.textFile('a', -1)],
  ['objectFile.*path', () => sc.objectFile('')],
  ['kafkaRDD.*ranges', () => sc.kafkaRDD({ brokers: 'a:1' }, no)],
  [
    'kafkaRDD.*a range',
    () => sc.kafkaRDD({ brokers: 'a:1' }, [{ topic: 'a', partition: 0, fromOffset: 5, untilOffset: 4 }]),
  ],
  ['kafkaRDD.*a range', () => sc.kafkaRDD({ brokers: 'a:1' }, [no])],
  ['map.*as f', () => numbers().map(no)],
  ['flatMap.*as f', () => numbers().flatMap('x' as never)],
  ['filter.*as keep', () => numbers().filter(no)],
  ['mapPartitions.*as f', () => numbers().mapPartitions(no)],
  ['mapPartitionsWithIndex.*as f', () => numbers().mapPartitionsWithIndex(no)],
  ['keyBy.*as f', () => numbers().keyBy(no)],
  ['groupBy.*as f', () => numbers().groupBy(no)],
  ['sortBy.*as keyOf', () => numbers().sortBy(no)],
  ['sortBy.*numPartitions', () => numbers().sortBy((n) => n, true, 0)],
  ['mapValues.*as f', () => pairs().mapValues(no)],
  ['flatMapValues.*as f', () => pairs().flatMapValues(no)],
  ['reduceByKey.*as combine', () => pairs().reduceByKey(no)],
  ['combineByKey.*as create', () => pairs().combineByKey(no, no, no)],
  ['aggregateByKey.*as mergeValue', () => pairs().aggregateByKey(0, no, no)],
  ['foldByKey.*as combine', () => pairs().foldByKey(0, no)],
  ['zipPartitions.*as f', () => numbers().zipPartitions(numbers(), no)],
  ['union.*an RDD', () => numbers().union(no)],
  ['join.*an RDD', () => pairs().join([1] as never)],
  ['leftOuterJoin.*an RDD', () => pairs().leftOuterJoin(no)],
  ['cogroup.*an RDD', () => pairs().cogroup(no)],
  ['groupWith.*an RDD', () => pairs().groupWith(no)],
  ['subtract .*an RDD', () => numbers().subtract(no)],
  ['subtractByKey.*an RDD', () => pairs().subtractByKey(no)],
  ['intersection.*an RDD', () => numbers().intersection(no)],
  ['cartesian.*an RDD', () => numbers().cartesian(no)],
  ['zip .*an RDD', () => numbers().zip(no)],
  ['reduceByKey.*its partitioning', () => pairs().reduceByKey((a) => a, {} as never)],
  ['partitionBy.*its partitioning', () => pairs().partitionBy(undefined as never)],
  ['partitionBy.*its partitioning', () => pairs().partitionBy({ numPartitions: 0, partitionOf: () => 0 })],
  ['numPartitions', () => pairs().groupByKey(0)],
  ['repartition.*numPartitions', () => numbers().repartition(0)],
  ['coalesce.*numPartitions', () => numbers().coalesce(-1)],
  ['coalesce.*numPartitions', () => numbers().coalesce(1.5)],
  ['sample.*fraction', () => numbers().sample(false, 2)],
  ['randomSplit.*weights', () => numbers().randomSplit([-1, 2])],
  ['randomSplit.*weights', () => numbers().randomSplit(no)],
  ['foreach.*as f', async () => await numbers().foreach(no)],
  ['foreachPartition.*as f', async () => await numbers().foreachPartition(no)],
  ['reduce.*as combine', async () => await numbers().reduce(no)],
  ['fold.*as combine', async () => await numbers().fold(0, no)],
  ['aggregate.*as mergeValue', async () => await numbers().aggregate(0, no, no)],
  ['top.*as keyOf', async () => await numbers().top(1, 5 as never)],
  ['takeOrdered.* as n', async () => await numbers().takeOrdered(-1)],
  ['max.*as keyOf', async () => await numbers().max(no)],
  ['take.* as n', async () => await numbers().take(-1)],
  ['takeSample.* as n', async () => await numbers().takeSample(false, 1.5)],
  ['histogram.*buckets', async () => await numbers().histogram(0)],
  ['histogram.*buckets', async () => await numbers().histogram([3, 1])],
  ['saveAsTextFile.*folder', async () => await numbers().saveAsTextFile(no)],
  ['saveAsObjectFile.*folder', async () => await numbers().saveAsObjectFile('')],
  ['first', async () => await sc.emptyRDD().first()],
];

describe('an argument that makes no sense', () => {
  it.each(refused)('is refused by name: %s (%#)', async (names, call) => {
    let thrown: unknown;
    try {
      await call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MillraceError);
    expect((thrown as MillraceError).message).toMatch(new RegExp(names, 'u'));
    expect(['RDD_ARGUMENT', 'CONFIG_VALUE', 'RDD_EMPTY_COLLECTION']).toContain((thrown as MillraceError).code);
  });
});
