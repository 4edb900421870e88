import { describe, expect, it } from '@jest/globals';
import { MillraceError, failure } from '../../lib/kernel/errors.ts';
import type { RDD } from '../../lib/rdd/rdd.ts';
import { RDD as Rdd } from '../../lib/rdd/rdd.ts';
import { SparkContext } from '../../lib/rdd/spark-context.ts';
import { partitioned, slow } from './partitioned.ts';

const boom = (): never => {
  throw new RangeError('boom');
};

async function rejection(action: Promise<unknown>): Promise<MillraceError> {
  return (await action.then(
    () => undefined,
    (error: unknown) => error,
  )) as MillraceError;
}

type Chain = (rdd: RDD<number>) => Promise<unknown>;
const pairs = (rdd: RDD<number>) => rdd.keyBy(() => 'k');

const throwing: [operator: string, chain: Chain][] = [
  ['map', (r) => r.map(boom).count()],
  ['filter', (r) => r.filter(boom).count()],
  ['flatMap', (r) => r.flatMap(boom).count()],
  [
    'flatMap',
    (r) =>
      r
        .flatMap(function* () {
          yield 1;
          boom();
        })
        .count(),
  ],
  ['mapPartitions', (r) => r.mapPartitions(boom).count()],
  [
    'mapPartitions',
    (r) =>
      r
        .mapPartitions(function* () {
          yield boom();
        })
        .count(),
  ],
  ['mapPartitionsWithIndex', (r) => r.mapPartitionsWithIndex(boom).count()],
  [
    'mapAsync',
    (r) =>
      r
        .mapAsync(async () => {
          await Promise.resolve();
          boom();
        })
        .count(),
  ],
  ['keyBy', (r) => r.keyBy(boom).count()],
  ['groupBy', (r) => r.groupBy(boom).count()],
  ['sortBy', (r) => r.sortBy(boom).count()],
  ['mapValues', (r) => pairs(r).mapValues(boom).count()],
  ['flatMapValues', (r) => pairs(r).flatMapValues(boom).count()],
  ['reduceByKey', (r) => pairs(r).reduceByKey(boom).count()],
  ['combineByKey', (r) => pairs(r).combineByKey(boom, boom, boom).count()],
  [
    'combineByKey',
    (r) =>
      pairs(r)
        .combineByKey((v) => v, boom, boom)
        .count(),
  ],
  [
    'combineByKey',
    (r) =>
      pairs(r)
        .combineByKey(
          (v) => v,
          (c) => c,
          boom,
        )
        .count(),
  ],
  ['aggregateByKey', (r) => pairs(r).aggregateByKey(0, boom, boom).count()],
  ['groupByKey', (r) => pairs(r).groupByKey({ numPartitions: 1, partitionOf: boom }).count()],
  ['foreach', (r) => r.foreach(boom)],
  ['foreachPartition', (r) => r.foreachPartition(boom)],
  [
    'foreachPartition',
    (r) =>
      r.foreachPartition(async () => {
        await Promise.resolve();
        boom();
      }),
  ],
  ['reduce', (r) => r.reduce(boom)],
  ['aggregate', (r) => r.aggregate<number>(0, boom, (a) => a)],
  ['aggregate', (r) => r.aggregate<number>(0, (a) => a, boom)],
  ['fold', (r) => r.fold(0, boom)],
  ['max', (r) => r.max(boom)],
];

describe('a function that throws', () => {
  it.each(throwing)('in %s is named, with its cause', async (operator, chain) => {
    for (const rdd of [partitioned([[1, 2], [3]]), slow([[1, 2], [3]])]) {
      const error = await rejection(chain(rdd));
      expect(error).toMatchObject({ code: 'RDD_FUNCTION_FAILED', where: { operator }, cause: new RangeError('boom') });
      expect(error.message).toBe(
        `[RDD_FUNCTION_FAILED] The function of ${operator} threw: boom. The cause holds the original error with its stack.`,
      );
    }
  });

  it('is named by its own step, not by those before it', async () => {
    const error = await rejection(
      partitioned([[1]])
        .map((x) => x)
        .filter(() => true)
        .flatMap(boom)
        .map((x) => x)
        .count(),
    );
    expect(error.where).toEqual({ operator: 'flatMap' });
  });

  it('names the stream step and the batch when the RDD is one of a batch', async () => {
    const sparkContext = new SparkContext();
    const rdd = new Rdd(sparkContext.parallelize([1]).node, {
      sparkContext,
      operator: 'input/transform',
      batchTime: 3000,
    });
    const error = await rejection(rdd.map(boom).count());
    expect(error.where).toEqual({ operator: 'input/transform/map', batchTime: 3000 });
    expect(error.message).toContain('The function of input/transform/map threw: boom. (batch 3000 ms)');
  });

  it('keeps the code of an error that has one, its cause and the nearest place', async () => {
    const inner = failure(
      'CONFIG_DURATION',
      { value: 'x' },
      { cause: 'why', where: { topic: 't', operator: 'inner' } },
    );
    const error = await rejection(
      partitioned([[1]])
        .map(() => {
          throw inner;
        })
        .count(),
    );
    expect(error).toMatchObject({ code: 'CONFIG_DURATION', cause: 'why', where: { topic: 't', operator: 'inner' } });
    expect(error.stack).toContain('function-failure.spec');
  });

  it('is tried again at the next action', async () => {
    let attempts = 0;
    const rdd = partitioned([[1, 1]])
      .keyBy((x) => x)
      .reduceByKey((a, b) => {
        attempts += 1;
        return attempts === 1 ? boom() : a + b;
      });
    expect(await rejection(rdd.collect())).toMatchObject({ code: 'RDD_FUNCTION_FAILED' });
    expect(await rdd.collect()).toEqual([[1, 2]]);
  });
});

describe('a function that returns a promise', () => {
  // What JavaScript programs can do and the types refuse.
  const promise = (async () => await Promise.reject(new RangeError('never seen'))) as unknown as () => never;
  it.each<[operator: string, chain: Chain]>([
    ['filter', (r) => r.filter(promise).count()],
    ['flatMap', (r) => r.flatMap(promise).count()],
    ['mapPartitions', (r) => r.mapPartitions(promise).count()],
    ['reduceByKey', (r) => pairs(r).reduceByKey(promise).count()],
    ['aggregateByKey', (r) => pairs(r).aggregateByKey(0, promise, promise).count()],
    ['foreach', (r) => r.foreach(promise)],
    ['reduce', (r) => r.reduce(promise)],
    ['fold', (r) => r.fold(0, promise)],
  ])('is refused by %s', async (operator, chain) => {
    const error = await rejection(chain(partitioned([[1, 2]])));
    expect(error).toMatchObject({ code: 'RDD_FUNCTION_RETURNED_PROMISE', params: { operator } });
    expect(error.remedy).toContain('mapAsync');
  });
});

/** What JavaScript programs can pass and the types refuse. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what it pretends to be
function js<T>(value: unknown): T {
  return value as T;
}

describe('what makes no sense', () => {
  it.each<[code: string, chain: Chain]>([
    ['RDD_NOT_ITERABLE', (r) => r.flatMap(js(() => 5)).count()],
    ['RDD_NOT_ITERABLE', (r) => r.flatMap(js(() => undefined)).count()],
    ['RDD_NOT_ITERABLE', (r) => r.mapPartitions(js(() => null)).count()],
    [
      'RDD_NOT_A_PAIR',
      (r) =>
        js<RDD<[string, number]>>(r)
          .reduceByKey((a) => a)
          .count(),
    ],
    [
      'RDD_NOT_A_PAIR',
      (r) =>
        js<RDD<[string, number]>>(r.map(() => 'ab'))
          .groupByKey()
          .count(),
    ],
    [
      'RDD_NOT_A_PAIR',
      (r) =>
        js<RDD<[string, number]>>(r.map(() => [1, 2, 3]))
          .join(pairs(r))
          .count(),
    ],
    ['RDD_NOT_A_PAIR', (r) => js<RDD<[string, number]>>(r).countByKey()],
    ['RDD_NOT_A_PAIR', (r) => js<RDD<[string, number]>>(r).partitionBy(2).count()],
    ['RDD_ARGUMENT', (r) => js<RDD<number>>(r.map(String)).sum()],
    ['RDD_ZERO_VALUE', (r) => r.fold(js(new SparkContext()), (a) => a)],
    [
      'RDD_ZERO_VALUE',
      (r) =>
        r.aggregate(
          [() => 1],
          (a) => a,
          (a) => a,
        ),
    ],
    ['RDD_ZIP_LENGTHS', (r) => r.zip(r.filter((x) => x > 1)).count()],
  ])('is refused: %s', async (code, chain) => {
    expect(await rejection(chain(partitioned([[1, 2]])))).toMatchObject({ code });
  });

  it.each<[code: string, chain: (rdd: RDD<number>) => unknown]>([
    ['RDD_ARGUMENT', (r) => r.repartition(0)],
    ['RDD_ARGUMENT', (r) => r.coalesce(1.5)],
    ['RDD_ARGUMENT', (r) => r.sortBy((x) => x, true, -1)],
    ['RDD_ARGUMENT', (r) => r.sample(false, 1.1)],
    ['RDD_ARGUMENT', (r) => r.sample(true, Number.NaN)],
    ['RDD_ARGUMENT', (r) => r.mapAsync((x) => x, { concurrency: 0 })],
    ['RDD_ARGUMENT', (r) => r.sparkContext.parallelize([1], 0)],
    ['RDD_ARGUMENT', (r) => r.sparkContext.range(0, 1, 0)],
    ['CONFIG_VALUE', (r) => pairs(r).groupByKey(0)],
    ['RDD_ZERO_VALUE', (r) => pairs(r).foldByKey(js(Symbol.iterator), (a) => a)],
    ['RDD_ZIP_LENGTHS', (r) => r.zip(r.repartition(2))],
    ['CONFIG_VALUE', () => new SparkContext({ defaultParallelism: 0 })],
  ])('is refused when the RDD is described: %s', (code, chain) => {
    let error: unknown;
    try {
      chain(partitioned([[1, 2]]));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code });
  });
});
