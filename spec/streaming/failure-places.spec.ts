import { afterEach, describe, expect, it } from '@jest/globals';
import { type DStream, ManualClock, type MillraceError, StateSpec, StreamingContext } from '../../lib/index.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { FakeSource } from '../helpers/fake-source.ts';

type Lines = DStream<string>;

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

/** Runs three batches over a topic whose record 3 is `bad`, in batch 2, unless told otherwise, and gives what ended the context. */
async function failureOf(
  build: (s: Lines, other: Lines) => void,
  second: readonly string[] = ['c', 'd', 'e', 'bad', 'f'],
): Promise<MillraceError> {
  const clock = new ManualClock();
  const source = new FakeSource({ 'in-0': ['a', 'b'], 'in-1': [] });
  const ssc = new StreamingContext({
    appName: 'places',
    batchInterval: 1000,
    clock,
    openCheckpoint: new MemoryCheckpoints().open,
  });
  ssc.checkpoint('memory:places');
  const stream = (from: FakeSource): Lines =>
    ssc.inputStream('kafka', (step, slide) => new SourceInput(step, slide, from));
  build(stream(source), stream(new FakeSource({ 'side-0': ['a', 'bad', 'c'] })));
  await ssc.start();
  await clock.advance(1000);
  source.append('in-1', ...second);
  await clock.advance(2000);
  return (await ssc.awaitTermination().then(
    () => undefined,
    (error: unknown) => error,
  )) as MillraceError;
}

const check = (x: string): string => {
  if (x === 'bad') throw new RangeError('cannot read this');
  return x;
};
const paired = (s: Lines): DStream<readonly [string, string]> => s.map((x) => ['k', x] as const);
const merge = (a: string, b: string): string => a + check(b);
const keep = (values: readonly string[], state: string | null): string => state ?? values.map(check).join('');
const read = (s: DStream<unknown>): void => {
  s.foreachRDD(async (rdd) => void (await rdd.count()));
};

/** Steps that work on single records of a topic: their failure says which. */
const placed: readonly (readonly [operator: string, build: (s: Lines, other: Lines) => void])[] = [
  ['kafka/map', (s) => read(s.map(check))],
  ['kafka/filter', (s) => read(s.filter((x) => check(x) !== ''))],
  ['kafka/flat-map', (s) => read(s.flatMap((x) => [check(x)]))],
  [
    'kafka/map-partitions',
    (s) =>
      read(
        s.mapPartitions(function* (values) {
          for (const value of values) yield check(value);
        }),
      ),
  ],
  ['kafka/map-async', (s) => read(s.mapAsync(async (x) => await Promise.resolve(check(x))))],
  ['kafka/map-async/map', (s) => read(s.mapAsync(async (x) => await Promise.resolve(x)).map(check))],
  ['kafka/map-partitions/map', (s) => read(s.mapPartitions((values) => values).map(check))],
  ['kafka/map/map-values', (s) => read(paired(s).mapValues(check))],
  ['kafka/map/flat-map-values', (s) => read(paired(s).flatMapValues((x) => [check(x)]))],
  ['kafka/map/reduce-by-key', (s) => read(paired(s).reduceByKey(merge))],
  ['kafka/map/combine-by-key', (s) => read(paired(s).combineByKey((x) => x, merge, merge))],
  ['kafka/reduce', (s) => read(s.reduce(merge))],
  [
    'kafka/map/map-with-state',
    (s) => read(paired(s).mapWithState(StateSpec.function((_, value) => check(value as string)))),
  ],
  ['kafka/map', (s) => read(s.map(check).countByValue())],
  ['kafka/map', (s, other) => read(paired(s.map(check)).join(paired(other)))],
  ['kafka/map', (s, other) => read(s.map(check).union(other))],
  ['kafka/map', (s) => read(s.map(check).window(2000).count())],
  ['kafka/map', (s) => read(s.map(check).repartition(3))],
  ['kafka/map', (s) => read(paired(s.map(check)).updateStateByKey(keep))],
  ['kafka/map', (s) => read(paired(s.map(check)).reduceByKeyAndWindow(merge, (a) => a, 2000))],
  ['kafka/map', (s) => read(s.map(check).countByWindow(2000))],
  ['kafka/map/reduce-by-key-and-window#reduced', (s) => read(paired(s).reduceByKeyAndWindow(merge, 2000))],
  ['kafka/transform/map', (s) => read(s.transform((rdd) => rdd.map(check)))],
  ['kafka/transform/sortBy', (s) => read(s.transform((rdd) => rdd.sortBy(check)))],
  ['kafka/foreach-rdd/foreach', (s) => s.foreachRDD(async (rdd) => await rdd.foreach((x) => void check(x)))],
  [
    'kafka/foreach-rdd/foreachPartition',
    (s) =>
      s.foreachRDD(async (rdd) => {
        await rdd.foreachPartition(async (values) => {
          for (const value of values) await Promise.resolve(check(value));
        });
      }),
  ],
  ['kafka/foreach-rdd/map', (s) => s.foreachRDD(async (rdd) => void (await rdd.map(check).collect()))],
  ['kafka/foreach-rdd/reduce', (s) => s.foreachRDD(async (rdd) => void (await rdd.reduce(merge)))],
  ['kafka/foreach-rdd/aggregate', (s) => s.foreachRDD(async (rdd) => void (await rdd.aggregate('', merge, merge)))],
  ['kafka/foreach-rdd/max', (s) => s.foreachRDD(async (rdd) => void (await rdd.max(check)))],
  [
    'kafka/foreach-rdd/map',
    (s) =>
      s.foreachRDD(async (rdd) => {
        for await (const x of rdd.map(check).toLocalIterator()) void x;
      }),
  ],
];

/** Steps that work on what a shuffle, a state or a window gives: there is no single record to name. */
const unplaced: readonly (readonly [operator: string, build: (s: Lines, other: Lines) => void])[] = [
  ['kafka/map/update-state-by-key', (s) => read(paired(s).updateStateByKey((values) => values.map(check).join('')))],
  [
    'kafka/map/group-by-key/map-values',
    (s) =>
      read(
        paired(s)
          .groupByKey()
          .mapValues((xs) => xs.map(check)),
      ),
  ],
  ['kafka/transform', (s) => read(s.transform((rdd, time) => (time > 1000 ? (check('bad') as never) : rdd)))],
  [
    'kafka/map/join/map',
    (s, other) =>
      read(
        paired(s)
          .join(paired(other))
          .map(([, [, there]]) => check(there)),
      ),
  ],
  [
    'kafka/map/map-with-state/state-snapshots/map',
    (s) =>
      read(
        paired(s)
          .mapWithState(StateSpec.function((_, value, state) => state.update(value as string)))
          .stateSnapshots()
          .map(([, last]) => last === 'f' && check('bad')),
      ),
  ],
];

describe('what fails on a record of a topic', () => {
  it.each(placed)('in %s says where: %#', async (operator, build) => {
    const failed = await failureOf(build);
    expect(failed.where).toEqual({ operator, batchTime: 2000, topic: 'in', partition: 1, offset: 3 });
    expect(failed.cause).toEqual(new RangeError('cannot read this'));
    expect(failed.message).toContain('batch 2000 ms, topic in, partition 1, offset 3');
  });
});

describe('what fails in mapWithState, which takes several records at once,', () => {
  const many = Array.from({ length: 300 }, (_, i) => (i === 140 ? 'bad' : `x${i}`));
  it.each<readonly [what: string, StateSpec<string, string, unknown, unknown>, code: string]>([
    [
      'in its function',
      StateSpec.function<string, string, unknown, unknown>((_, value) => check(value as string)),
      'RDD_FUNCTION_FAILED',
    ],
    [
      'because a state cannot be stored',
      StateSpec.function<string, string, unknown, unknown>((_, value, state) => {
        state.update(value === 'bad' ? [() => value] : value);
      }),
      'STATE_VALUE_UNSUPPORTED',
    ],
  ])('says the record of it: %s', async (_, spec, code) => {
    const failed = await failureOf((s) => read(s.map((x) => [x, x] as const).mapWithState(spec)), many);
    expect(failed.code).toBe(code);
    expect(failed.where).toMatchObject({ batchTime: 2000, topic: 'in', partition: 1, offset: 140 });
  });
});

describe('what fails behind a shuffle, a state or a window', () => {
  it.each(unplaced)('in %s says the step and the batch', async (operator, build) => {
    const failed = await failureOf(build);
    expect(failed.where).toMatchObject({ operator });
    expect([1000, 2000]).toContain(failed.where?.batchTime);
    expect(failed.cause).toEqual(new RangeError('cannot read this'));
  });
});

describe('what fails because the data are not what a step works on', () => {
  it.each<readonly [operator: string, code: string, build: (s: Lines) => void]>([
    [
      'kafka/reduce-by-key',
      'RDD_NOT_A_PAIR',
      (s) => read((s as never as DStream<readonly [string, string]>).reduceByKey(merge)),
    ],
    ['kafka/map/flat-map', 'RDD_NOT_ITERABLE', (s) => read(s.map((x) => x).flatMap(() => 5 as never))],
    [
      'kafka/transform/sortBy',
      'RDD_NOT_COMPARABLE',
      (s) => read(s.transform((rdd) => rdd.sortBy((x) => (x === 'a' ? 1 : x)))),
    ],
    [
      'kafka/transform/zip',
      'RDD_ZIP_LENGTHS',
      (s) => read(s.transform((rdd) => rdd.zip(rdd.filter((x) => x === 'a')))),
    ],
    [
      'kafka/map/partition-by',
      'RDD_PARTITIONER',
      (s) => read(paired(s).partitionBy({ numPartitions: 1, partitionOf: () => 7 })),
    ],
    [
      'kafka/foreach-rdd/first',
      'RDD_EMPTY_COLLECTION',
      (s) => s.foreachRDD(async (rdd) => void (await rdd.filter(() => false).first())),
    ],
    ['kafka/filter', 'RDD_FUNCTION_RETURNED_PROMISE', (s) => read(s.filter((x) => Promise.resolve(x)))],
  ])('in %s is named: %s', async (operator, code, build) => {
    expect(await failureOf(build)).toMatchObject({ code, where: { operator, batchTime: 1000 } });
  });
});
