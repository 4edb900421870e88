import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { AnalysisError } from '../../../lib/structured/analyzer/analysis-error.ts';
import { checkStreaming } from '../../../lib/structured/analyzer/streaming/check-streaming.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { OutputMode } from '../../../lib/structured/plan/user-programs.ts';
import { Window } from '../../../lib/structured/window-spec.ts';
import { newSession, streamOf } from '../frames.ts';

const { expr, window } = F;
const MODE = 'STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION';
const state = { outputSchema: 'k STRING, n INT', stateSchema: 'n INT' };
const processor = { init: () => undefined, handleInputRows: () => [] };
const range = 'k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 5 SECONDS';

/** f: k, v, ts; g: k2, v2, ts2, both streams; t: static k, w. */
type Build = (f: DataFrame, g: DataFrame, t: DataFrame) => DataFrame;

/** The codes that a query of a mode is refused with, in order; none when it may start. */
function codes(mode: OutputMode, build: Build): readonly string[] {
  const spark = newSession();
  const frame = build(
    streamOf(spark, 'k STRING, v INT, ts TIMESTAMP'),
    streamOf(spark, 'k2 STRING, v2 INT, ts2 TIMESTAMP'),
    spark.createDataFrame([['a', 1]], 'k STRING, w INT'),
  );
  try {
    checkStreaming(frame.resolvedPlan, mode);
    return [];
  } catch (error) {
    if (!(error instanceof AnalysisError)) throw error;
    return error.problems.map((problem) => problem.code);
  }
}

const late = (f: DataFrame): DataFrame => f.withWatermark('ts', '10 seconds');
const late2 = (g: DataFrame): DataFrame => g.withWatermark('ts2', '10 seconds');
const windowed = (f: DataFrame): DataFrame => late(f).groupBy(window('ts', '5 seconds'), 'k').count();
const grouped = (f: DataFrame, outputMode: string, timeout = 'NoTimeout'): DataFrame =>
  f.groupBy('k').flatMapGroupsWithState(() => [], { ...state, outputMode, timeout });
const processed = (f: DataFrame, outputMode: string, timeMode = 'None'): DataFrame =>
  f.groupBy('k').transformWithState(processor, { outputSchema: 'k STRING', outputMode, timeMode });

describe('what a stream does not allow', () => {
  it.each<readonly [string, OutputMode, readonly string[], Build]>([
    ['limit in update mode', 'update', ['QUERY_LIMIT_IN_UPDATE_MODE'], (f) => f.limit(2)],
    ['limit in append mode', 'append', [], (f) => f.limit(2)],
    ['offset', 'append', ['QUERY_OFFSET_ON_STREAM'], (f) => f.offset(2)],
    ['sort', 'append', ['QUERY_SORT_ON_STREAM'], (f) => f.orderBy('k')],
    [
      'sort of an aggregate in update mode',
      'update',
      ['QUERY_SORT_ON_STREAM'],
      (f) => f.groupBy('k').count().orderBy('k'),
    ],
    ['sort of an aggregate in complete mode', 'complete', [], (f) => f.groupBy('k').count().orderBy('k')],
    ['sort before an aggregate', 'complete', ['QUERY_SORT_ON_STREAM'], (f) => f.orderBy('k').groupBy('k').count()],
    [
      'distinct aggregates, each',
      'complete',
      ['QUERY_DISTINCT_AGGREGATE_ON_STREAM', 'QUERY_DISTINCT_AGGREGATE_ON_STREAM'],
      (f) => f.groupBy('k').agg(F.countDistinct('v'), F.sumDistinct('v')),
    ],
    [
      'chained aggregations in update mode',
      'update',
      ['QUERY_CHAINED_AGGREGATIONS'],
      (f) => windowed(f).groupBy('window').count(),
    ],
    ['chained aggregations in append mode', 'append', [], (f) => windowed(f).groupBy('window').count()],
    [
      'chained aggregations without a watermark',
      'append',
      [MODE],
      (f) => f.groupBy('k').count().groupBy('count').count(),
    ],
    [
      'a window of a cast of the event time',
      'append',
      [MODE],
      (f) =>
        late(f)
          .groupBy(window(F.col('ts').cast('timestamp'), '5 seconds'))
          .count(),
    ],
    [
      'a window of the event time under another name',
      'append',
      [],
      (f) => late(f).select(F.col('ts').alias('t')).groupBy(window('t', '5 seconds')).count(),
    ],
    [
      'dropDuplicatesWithinWatermark without one',
      'append',
      ['QUERY_DEDUPLICATE_WITHIN_WATERMARK'],
      (f) => f.dropDuplicatesWithinWatermark(['k']),
    ],
    ['duplicates behind an aggregation', 'update', [], (f) => windowed(f).dropDuplicates(['k'])],
    [
      'a session of nobody',
      'append',
      ['QUERY_SESSION_WITHOUT_KEY'],
      (f) => late(f).groupBy(F.sessionWindow('ts', '5 seconds')).count(),
    ],
    [
      'a session in update mode',
      'update',
      [MODE],
      (f) => late(f).groupBy(F.sessionWindow('ts', '5 seconds'), 'k').count(),
    ],
    ['a join of streams in update mode', 'update', ['QUERY_STREAM_JOIN_MODE'], (f, g) => f.join(g, expr('k = k2'))],
    [
      'an anti join of streams',
      'append',
      ['QUERY_STREAM_JOIN_KIND'],
      (f, g) => late(f).join(late2(g), expr(range), 'left_anti'),
    ],
    [
      'a join of streams without an equality',
      'append',
      ['QUERY_STREAM_JOIN_EQUALITY'],
      (f, g) => f.join(g, expr('v > v2')),
    ],
    ['a cross join of streams', 'append', ['QUERY_STREAM_JOIN_EQUALITY'], (f, g) => f.crossJoin(g)],
    ['a cross join with the equality above it', 'append', [], (f, g) => f.crossJoin(g).where('k = k2')],
    [
      'a left join without a watermark',
      'append',
      ['QUERY_STREAM_JOIN_WATERMARK'],
      (f, g) => f.join(g, expr('k = k2'), 'left'),
    ],
    [
      'a left join with a watermark on the left only',
      'append',
      ['QUERY_STREAM_JOIN_WATERMARK'],
      (f, g) => late(f).join(g, expr(range), 'left'),
    ],
    ['a left join with a watermark on the right only', 'append', [], (f, g) => f.join(late2(g), expr(range), 'left')],
    [
      'a left join on the event times',
      'append',
      [],
      (f, g) => late(f).join(late2(g), expr('k = k2 AND ts = ts2'), 'left'),
    ],
    [
      'a full join with nothing that bounds it',
      'append',
      ['QUERY_STREAM_JOIN_WATERMARK'],
      (f, g) => late(f).join(late2(g), expr('k = k2'), 'full'),
    ],
    [
      'a semi join without a watermark',
      'append',
      ['QUERY_STREAM_JOIN_WATERMARK'],
      (f, g) => f.join(g, expr('k = k2'), 'left_semi'),
    ],
    [
      'all that is wrong with a join',
      'update',
      ['QUERY_STREAM_JOIN_MODE', 'QUERY_STREAM_JOIN_WATERMARK', 'QUERY_STREAM_JOIN_EQUALITY'],
      (f, g) => f.join(g, expr('v > v2'), 'full'),
    ],
    ['static rows that are preserved', 'append', ['QUERY_STATIC_JOIN_SIDE'], (f, _, t) => f.join(t, 'k', 'right')],
    [
      'static rows that are preserved on the left',
      'append',
      ['QUERY_STATIC_JOIN_SIDE'],
      (f, _, t) => t.join(f, 'k', 'left'),
    ],
    ['a full join with static rows', 'append', ['QUERY_STATIC_JOIN_SIDE'], (f, _, t) => f.join(t, 'k', 'full')],
    ['a left join with static rows on the right', 'append', [], (f, _, t) => f.join(t, 'k', 'left')],
    [
      'a join of streams behind an aggregation',
      'update',
      ['QUERY_STATEFUL_CHAIN', 'QUERY_STREAM_JOIN_MODE'],
      (f, g) => f.groupBy('k').count().join(g, expr('k = k2')),
    ],
    [
      'a union with static rows',
      'append',
      ['QUERY_UNION_OF_STREAM_AND_STATIC'],
      (f, _, t) => f.select('k').union(t.select('k')),
    ],
    ['a set operation', 'append', ['QUERY_SET_OPERATION_ON_STREAM'], (f, g) => f.subtract(g)],
    ['a sample', 'append', ['QUERY_SAMPLE_ON_STREAM'], (f) => f.sample(0.5)],
    [
      'a rank',
      'append',
      ['NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING'],
      (f) => f.withColumn('n', F.rowNumber().over(Window.partitionBy('k').orderBy('ts'))),
    ],
    ['a second watermark', 'append', ['QUERY_WATERMARK_REDEFINED'], (f) => late(late(f))],
    ['a function for update in append mode', 'append', ['QUERY_GROUP_STATE_MODE'], (f) => grouped(f, 'update')],
    ['a function for update in update mode', 'update', [], (f) => grouped(f, 'update')],
    [
      'a timeout by event time without a watermark',
      'update',
      ['QUERY_EVENT_TIME_WITHOUT_WATERMARK'],
      (f) => grouped(f, 'update', 'EventTimeTimeout'),
    ],
    [
      'a timer by event time without a watermark',
      'update',
      ['QUERY_EVENT_TIME_WITHOUT_WATERMARK'],
      (f) => processed(f, 'update', 'EventTime'),
    ],
    [
      'a function with state behind an aggregation',
      'update',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => grouped(f.groupBy('k').count(), 'update'),
    ],
    [
      'an aggregation behind a function with state',
      'update',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => grouped(f, 'update').groupBy('k').count(),
    ],
    ['an aggregation behind a processor', 'update', [], (f) => processed(f, 'update').groupBy('k').count()],
    [
      'a processor behind an aggregation',
      'update',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => processed(f.groupBy('k').count(), 'update'),
    ],
    [
      'duplicates by a window behind an aggregation',
      'update',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => windowed(f).dropDuplicates(['window']),
    ],
    ['duplicates by a window behind an aggregation', 'append', [], (f) => windowed(f).dropDuplicates(['window'])],
    [
      'duplicates within the watermark behind an aggregation',
      'complete',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => windowed(f).dropDuplicatesWithinWatermark(['k']),
    ],
    [
      'duplicates behind timeouts by event time',
      'append',
      ['QUERY_STATEFUL_CHAIN', 'QUERY_DEDUPLICATE_WITHIN_WATERMARK'],
      (f) => grouped(late(f), 'append', 'EventTimeTimeout').dropDuplicatesWithinWatermark(['k']),
    ],
    [
      'two functions with state in update mode',
      'update',
      ['QUERY_STATEFUL_CHAIN'],
      (f) => grouped(grouped(f, 'update'), 'update'),
    ],
    ['two functions with state in append mode', 'append', [], (f) => grouped(grouped(f, 'append'), 'append')],
    [
      'a join of streams below an aggregation in complete mode',
      'complete',
      ['QUERY_STREAM_JOIN_MODE'],
      (f, g) => f.join(g, expr('k = k2')).groupBy('k').count(),
    ],
    ['numbers of rows', 'append', ['QUERY_ROW_NUMBERS_ON_STREAM'], (f) => f.select(F.monotonicallyIncreasingId())],
    ['static data', 'append', ['WRITE_STREAM_NOT_ALLOWED'], (_f, _g, t) => t],
    [
      'several things at once',
      'update',
      ['QUERY_LIMIT_IN_UPDATE_MODE', 'QUERY_SORT_ON_STREAM', 'QUERY_SAMPLE_ON_STREAM'],
      (f) => f.sample(0.5).orderBy('k').limit(1),
    ],
  ])('%s, %s', (_, mode, expected, build) => {
    expect(codes(mode, build)).toEqual(expected);
  });
});
