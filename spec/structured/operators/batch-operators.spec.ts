import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import { Session } from '../../../lib/structured/session.ts';
import { Window } from '../../../lib/structured/window-spec.ts';
import { QueryBench } from './query-bench.ts';

const { col, expr } = F;
const spark = new Session();

function numbers(...values: readonly (number | null)[]): DataFrame {
  return spark.createDataFrame(
    values.map((v) => [v]),
    'v INT',
  );
}

async function column(frame: DataFrame, name = 'v'): Promise<readonly unknown[]> {
  return (await frame.collect()).map((row) => (row as Record<string, unknown>)[name]);
}

describe('set operations', () => {
  const left = numbers(1, 1, 1, 2, null, null, 3);
  const right = numbers(1, 1, null, 4);

  it.each<readonly [string, () => DataFrame, readonly unknown[]]>([
    ['except gives what is not on the right, once', () => left.subtract(right), [2, 3]],
    ['exceptAll takes one off for each on the right', () => left.exceptAll(right), [1, 2, null, 3]],
    ['intersect gives what is on both sides, once', () => left.intersect(right), [1, null]],
    ['union keeps all', () => left.union(right), [1, 1, 1, 2, null, null, 3, 1, 1, null, 4]],
    ['distinct keeps the first', () => left.distinct(), [1, 2, null, 3]],
  ])('%s', async (_, frame, expected) => {
    expect(await column(frame())).toEqual(expected);
  });
});

describe('sort', () => {
  it('puts nulls first ascending and last descending, unless told otherwise', async () => {
    const frame = numbers(2, null, 1);
    expect(await column(frame.orderBy('v'))).toEqual([null, 1, 2]);
    expect(await column(frame.orderBy(col('v').desc()))).toEqual([2, 1, null]);
    expect(await column(frame.orderBy(col('v').ascNullsLast()))).toEqual([1, 2, null]);
  });

  it('orders texts by their UTF-8 bytes and NaN behind all numbers', async () => {
    const texts = spark.createDataFrame([['\u{1F600}'], ['\uFFFD'], ['z'], ['Z']], 'v STRING');
    expect(await column(texts.orderBy('v'))).toEqual(['Z', 'z', '\uFFFD', '\u{1F600}']);
    const doubles = spark.createDataFrame([[Number.NaN], [1], [Number.POSITIVE_INFINITY]], 'v DOUBLE');
    expect(await column(doubles.orderBy('v'))).toEqual([1, Number.POSITIVE_INFINITY, Number.NaN]);
  });

  it('keeps the order of arrival among equals', async () => {
    const frame = spark.createDataFrame(
      [
        [1, 'x'],
        [0, 'a'],
        [1, 'b'],
        [0, 'c'],
      ],
      'k INT, v STRING',
    );
    expect(await column(frame.orderBy('k'))).toEqual(['a', 'c', 'x', 'b']);
  });
});

it('ranges count up and down', async () => {
  expect(await column(spark.range(1, 6, 2), 'id')).toEqual([1, 3, 5]);
  expect(await column(spark.range(3, 0, -1), 'id')).toEqual([3, 2, 1]);
});

it('a sample is the same for the same seed, and about its share', async () => {
  const frame = spark.range(0, 2000);
  const first = await column(frame.sample(0.25, 7), 'id');
  expect(await column(frame.sample(0.25, 7), 'id')).toEqual(first);
  expect(first.length).toBeGreaterThan(400);
  expect(first.length).toBeLessThan(600);
});

describe('functions over windows', () => {
  const frame = spark.createDataFrame(
    [
      ['a', 1],
      ['a', 2],
      ['a', 2],
      ['a', 4],
      ['b', 5],
      ['b', null],
    ],
    'k STRING, v INT',
  );
  const byKey = Window.partitionBy('k').orderBy('v');

  it.each([
    ['row_number', F.rowNumber().over(byKey), [1, 2, 3, 4, 1, 2]],
    ['a running sum counts peers together', F.sum('v').over(byKey), [1, 5, 5, 9, null, 5]],
    ['a sum over the partition', F.sum('v').over(Window.partitionBy('k')), [9, 9, 9, 9, 5, 5]],
    ['the rows before and behind', F.sum('v').over(byKey.rowsBetween(-1, 1)), [3, 5, 8, 6, 5, 5]],
    [
      'the rows so far',
      F.collectList('v').over(byKey.rowsBetween(Window.unboundedPreceding, 0)),
      [[1], [1, 2], [1, 2, 2], [1, 2, 2, 4], [], [5]],
    ],
    ['values within a range', F.count('v').over(byKey.rangeBetween(-1, 0)), [1, 3, 3, 1, 0, 1]],
  ])('%s', async (_, item, expected) => {
    expect(await column(frame.select('k', 'v', item.alias('x')).orderBy('k', 'v'), 'x')).toEqual(expected);
  });
});

function rows(...values: readonly number[]) {
  return { events: values.map((v) => [v]) };
}

describe('limit', () => {
  const streams = { events: 'v INT' };

  it('counts over the whole life of a query in append mode', () => {
    const bench = new QueryBench({ streams, query: ({ events }) => events.limit(3) });
    expect(bench.batch(rows(1, 2)).output).toEqual([{ v: 1 }, { v: 2 }]);
    bench.restart();
    const { output, state } = bench.batch(rows(3, 4));
    expect(output).toEqual([{ v: 3 }]);
    expect(state[0]).toMatchObject({ rowsTotal: 1, rowsUpdated: 1 });
    expect(bench.batch(rows(5)).state[0]).toMatchObject({ rowsTotal: 1, rowsUpdated: 0 });
    bench.close();
  });

  it('applies to the whole table in complete mode', () => {
    const bench = new QueryBench({
      streams,
      mode: 'complete',
      query: ({ events }) => events.groupBy('v').count().orderBy('v').limit(2),
    });
    expect(bench.batch(rows(5, 7)).output).toEqual([
      { v: 5, count: 1 },
      { v: 7, count: 1 },
    ]);
    expect(bench.batch(rows(6)).output).toEqual([
      { v: 5, count: 1 },
      { v: 6, count: 1 },
    ]);
    bench.close();
  });
});

it('sessions of static data merge by touching', async () => {
  const frame = spark.createDataFrame(
    [
      ['a', '2024-01-01 00:00:00'],
      ['a', '2024-01-01 00:00:05'],
      ['a', '2024-01-01 00:00:11'],
      ['b', '2024-01-01 00:00:00'],
    ],
    'k STRING, t STRING',
  );
  const sessions = frame
    .withColumn('ts', expr('to_timestamp(t)'))
    .groupBy(F.sessionWindow('ts', '5 seconds').alias('w'), 'k')
    .count();
  expect((await column(sessions, 'count')).map(Number).toSorted((a, b) => a - b)).toEqual([1, 1, 2]);
});
