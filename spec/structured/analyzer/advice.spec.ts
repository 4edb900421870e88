import { describe, expect, it } from '@jest/globals';
import { expr, sessionWindow, window } from '../../../lib/functions.ts';
import { siteOf } from '../../../lib/structured/analyzer/analysis-session.ts';
import { streamingAdvice } from '../../../lib/structured/analyzer/streaming/advice.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import { optimize } from '../../../lib/structured/optimizer/optimize.ts';
import type { OutputMode } from '../../../lib/structured/plan/user-programs.ts';
import { newSession, streamOf } from '../frames.ts';

type Build = (late: DataFrame, plain: DataFrame, other: DataFrame) => DataFrame;

/** What a query is warned about; `late` has a watermark of 10 seconds on ts, `plain` has none, `other` is late again (k2, ts2). */
function advice(mode: OutputMode, build: Build): readonly string[] {
  const spark = newSession();
  const plain = streamOf(spark, 'k STRING, v INT, ts TIMESTAMP');
  const other = streamOf(spark, 'k2 STRING, ts2 TIMESTAMP').withWatermark('ts2', '10 seconds');
  const plan = build(plain.withWatermark('ts', '10 seconds'), plain, other).resolvedPlan;
  return streamingAdvice(optimize(plan, siteOf(spark.state)), mode);
}

const five = window('ts', '5 seconds');
const state = { outputSchema: 'k STRING, n INT', stateSchema: 'n INT', outputMode: 'append' as const };
const nothing = (): unknown[] => [];
const processor = { init: () => undefined, handleInputRows: () => [] };
const shape = { outputSchema: 'k STRING', outputMode: 'append' as const };

describe('a query is warned', () => {
  const cases: readonly (readonly [string, OutputMode, Build, RegExp])[] = [
    [
      'that complete mode makes a watermark useless',
      'complete',
      (late) => late.groupBy(five).count(),
      /^\[QUERY_WATERMARK_IN_COMPLETE_MODE\] .*grows for ever/u,
    ],
    [
      'of a watermark without a step that keeps state',
      'append',
      (late) => late.select('k'),
      /^\[QUERY_WATERMARK_UNUSED\] The watermark on ts is used by no step/u,
    ],
    [
      'of a watermark with a global aggregate',
      'update',
      (late) => late.groupBy().count(),
      /^\[QUERY_WATERMARK_UNUSED\]/u,
    ],
    [
      'of a watermark above a function that has no timeout',
      'append',
      (late) => late.groupBy('k').flatMapGroupsWithState(nothing, { ...state, timeout: 'NoTimeout' }),
      /^\[QUERY_WATERMARK_UNUSED\]/u,
    ],
    [
      'of groups that are never finished',
      'update',
      (_, plain) => plain.groupBy('k').count(),
      /^\[QUERY_STATE_NEVER_SHRINKS\] The state of the aggregation by k never shrinks/u,
    ],
    [
      'of duplicates that are remembered for ever',
      'append',
      (_, plain) => plain.dropDuplicates(['k', 'v']),
      /^\[QUERY_STATE_NEVER_SHRINKS\] The state of dropDuplicates by k, v never shrinks/u,
    ],
    [
      'of duplicates by keys without the event time, which only drops late rows',
      'append',
      (late) => late.dropDuplicates(['k']),
      /^\[QUERY_STATE_NEVER_SHRINKS\]/u,
    ],
    [
      'of a join whose rows wait for ever',
      'append',
      (late, _, other) => late.join(other, expr('k = k2')),
      /^\[QUERY_STATE_NEVER_SHRINKS\] .*rows of the left and the right side wait/u,
    ],
    [
      'of the one side of a join whose rows wait for ever',
      'append',
      (late, _, other) => late.join(other, expr('k = k2 AND ts2 >= ts')),
      /^\[QUERY_STATE_NEVER_SHRINKS\] .*rows of the left side wait/u,
    ],
  ];
  it.each(cases)('%s', (_, mode, build, text) => {
    expect(advice(mode, build)).toEqual([expect.stringMatching(text)]);
  });

  it('of a watermark that groups do not go by, and of the groups', () => {
    expect(advice('update', (late) => late.groupBy('k').count())).toEqual([
      expect.stringContaining('[QUERY_WATERMARK_UNUSED]'),
      expect.stringContaining('[QUERY_STATE_NEVER_SHRINKS]'),
    ]);
  });

  it('once of a stream that is read twice', () => {
    expect(advice('append', (late) => late.select('k').union(late.select('k')))).toHaveLength(1);
  });
});

describe('nothing is said of', () => {
  const cases: readonly (readonly [string, OutputMode, Build])[] = [
    ['windows in append mode', 'append', (late) => late.groupBy(five, 'k').count()],
    ['windows in update mode', 'update', (late) => late.groupBy(five, 'k').count()],
    [
      'a watermark whose column got another name',
      'append',
      (late) => late.withColumnRenamed('ts', 't').groupBy(window('t', '5 seconds')).count(),
    ],
    ['sessions', 'append', (late) => late.groupBy(sessionWindow('ts', '5 seconds'), 'k').count()],
    [
      'sessions of which the late rows are dropped',
      'complete',
      (late) => late.groupBy(sessionWindow('ts', '5 seconds'), 'k').count(),
    ],
    ['the whole result in complete mode', 'complete', (_, plain) => plain.groupBy('k').count()],
    ['one group for everything', 'update', (_, plain) => plain.groupBy().count()],
    ['steps without state', 'append', (_, plain) => plain.select('k')],
    ['duplicates by the event time', 'append', (late) => late.dropDuplicates(['k', 'ts'])],
    ['duplicates within the watermark', 'append', (late) => late.dropDuplicatesWithinWatermark(['k'])],
    [
      'a watermark for duplicates below a complete result',
      'complete',
      (late) => late.dropDuplicates(['k', 'ts']).groupBy('k').count(),
    ],
    [
      'a join that its condition bounds',
      'append',
      (late, _, other) => late.join(other, expr('k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 5 SECONDS')),
    ],
    [
      'timeouts by event time',
      'append',
      (late) => late.groupBy('k').flatMapGroupsWithState(nothing, { ...state, timeout: 'EventTimeTimeout' }),
    ],
    [
      'functions that remove state themselves',
      'append',
      (_, plain) => plain.groupBy('k').flatMapGroupsWithState(nothing, { ...state, timeout: 'NoTimeout' }),
    ],
    [
      'timers by event time',
      'append',
      (late) => late.groupBy('k').transformWithState(processor, { ...shape, timeMode: 'EventTime' }),
    ],
  ];
  it.each(cases)('%s', (_, mode, build) => {
    expect(advice(mode, build)).toEqual([]);
  });
});
