import { describe, expect, it } from '@jest/globals';
import { col, explode, expr, sessionWindow, split, udf, window } from '../../../lib/functions.ts';
import type { RecordStep } from '../../../lib/index.ts';
import { asked, type Build, type Fed, told } from './why-scene.ts';

const windows: Build = (df) => df.groupBy(window('ts', '10 seconds'), 'k').count();
const sliding: Build = (df) => df.groupBy(window('ts', '10 seconds', '5 seconds'), 'k').count();
const sessions: Build = (df) => df.groupBy(sessionWindow('ts', '5 seconds').alias('s'), 'k').count();
const distinct: Build = (df) => df.dropDuplicates(['k', 'ts']);
const within: Build = (df) => df.dropDuplicatesWithinWatermark(['k']);
const filtered: Build = (df) => df.filter(col('k').notEqual('a')).select('k');
const thenCounted: Build = (df) => distinct(df, df).groupBy(window('ts', '10 seconds')).count();
const joined =
  (how: string): Build =>
  (left, right) =>
    left.join(right, expr('k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 10 SECONDS'), how);

/** What became of a record, in short: step, outcome, and the state of its window. */
function short({ operator, outcome, window: of }: RecordStep): string {
  return `${operator} ${outcome}${of === undefined ? '' : ` ${of.state}`}`;
}

describe('what became of a record', () => {
  const closing: readonly Fed[][] = [[['a', 3]], [['b', 16]], [['a', 5], ['c', 17]]]; // prettier-ignore
  const repeated: readonly Fed[][] = [[['a', 3], ['a', 3]], [['a', 3]], [['b', 16]], [['c', 5]]]; // prettier-ignore
  const expired: readonly Fed[][] = [[['a', 3]], [['a', 4]], [['b', 16]], [['a', 14]]]; // prettier-ignore
  const both: readonly Fed[][] = [[['a', 3]], [['a', 4, 'right'], ['b', 16], ['z', 16, 'right']], [[null, 18]], [['q', 2]]]; // prettier-ignore

  it.each<[string, Build, string, readonly (readonly Fed[])[], string, readonly string[]]>([
    ['counted, and given out', windows, 'append', closing, '0:0', ['aggregate counted closed']],
    ['counted in an open window', windows, 'append', closing, '0:1', ['aggregate counted open']],
    ['too late', windows, 'append', closing, '0:2', ['aggregate late closed']],
    ['in time, in a batch with late rows', windows, 'append', closing, '0:3', ['aggregate counted open']],
    ['in time for one window of two', sliding, 'append', [[['a', 13]], [['b', 24]], [['a', 13]]], '0:2', ['aggregate counted open', 'aggregate late closed']], // prettier-ignore
    ['a group without windows', (df) => df.groupBy('k').count(), 'update', closing, '0:2', ['aggregate counted']],
    ['a window in complete mode', windows, 'complete', closing, '0:2', ['aggregate counted']],
    ['part of a session', sessions, 'append', [[['a', 3], ['a', 6]], [['b', 26]]], '0:1', ['session-window counted closed']], // prettier-ignore
    ['late for a session', sessions, 'append', [[['a', 3]], [['b', 26]], [['a', 4]]], '0:2', ['session-window late closed']], // prettier-ignore
    ['the first of its key', distinct, 'append', repeated, '0:0', ['deduplicate passed']],
    ['a duplicate of a row of the same batch', distinct, 'append', repeated, '0:1', ['deduplicate duplicate']],
    ['a duplicate of a row of an earlier batch', distinct, 'append', repeated, '0:2', ['deduplicate duplicate']],
    ['too late to be a duplicate', distinct, 'append', repeated, '0:4', ['deduplicate late']],
    ['a duplicate within the watermark', within, 'append', expired, '0:1', ['deduplicate duplicate']],
    ['no duplicate any more behind the watermark', within, 'append', expired, '0:3', ['deduplicate passed']],
    ['passed on to another step', thenCounted, 'append', repeated, '0:0', ['deduplicate passed', 'aggregate counted closed']], // prettier-ignore
    ['kept from the step behind', thenCounted, 'append', repeated, '0:1', ['deduplicate duplicate']],
    ['of a join', joined('leftOuter'), 'append', both, '0:1', ['join counted']],
    ['of a join, with a null key', joined('leftOuter'), 'append', both, '0:2', ['join unmatched']],
    ['of a join, too late', joined('leftOuter'), 'append', both, '0:3', ['join late']],
    ['in two rows', (df) => df.select(explode(split('k', ',')).alias('w'), 'ts').groupBy(window('ts', '10 seconds'), 'w').count(), 'append', [[['x,y', 3]]], '0:0', ['aggregate counted open', 'aggregate counted open']], // prettier-ignore
    ['filtered', (df) => windows(df.filter(col('k').notEqual('a')), df), 'append', closing, '0:0', []],
  ])('%s', async (_, build, mode, batches, question, expected) => {
    const [record] = await asked(build, { mode, batches }, async (query) => (await query.why(question)).records);
    expect(record?.missing).toBeUndefined();
    expect(record?.steps?.map(short)).toEqual(expected);
  });

  it('is told with the watermark that was in force, by how much it was late, and in which batch it was given out', async () => {
    expect(await told(windows, { batches: closing }, '0:2')).toEqual([
      '0:2 was read by batch 4.',
      '  aggregate: dropped as late: the end of its window 00:00 - 00:10 is not after the watermark 00:11, which was in force (1 s too late). The window 00:00 - 00:10 was given out by batch 3 with 1 group: the watermark went to 00:11 with batch 2, by the record with ts 00:16, source-0: row 1. 1 row came too late for it and was dropped (batch 4: 1).',
    ]);
    expect(await told(windows, { batches: closing }, '0:3')).toEqual([
      '0:3 was read by batch 4. It moved the watermark to 00:12.',
      '  aggregate: counted for {"k":"c"}. The window 00:10 - 00:20 is open with 2 groups: it is given out when it closes. The watermark is 00:12. It closes when an event with ts >= 00:25 has come from source-0, plus one batch.',
    ]);
  });

  it('names the filter that it did not pass, and the rows that it gave where nothing is kept', async () => {
    expect(await told(filtered, { batches: closing }, '0:0')).toEqual([
      expect.stringMatching(/^0:0 was read by batch 0\. It got no further than the step Filter .*= a/u),
    ]);
    expect(await told(filtered, { batches: closing }, '0:1')).toEqual([
      expect.stringContaining('It gave 1 row of output in that batch.'),
    ]);
  });

  it('is told of each source that has such a place', async () => {
    const records = await asked(joined('inner'), { batches: both }, async (query) => (await query.why('0:0')).records);
    expect(records.map(({ source, steps }) => [source, steps?.[0]?.side])).toEqual([
      ['source-0', 'left'],
      ['source-1', 'right'],
    ]);
  });

  it('is the coded error of the plan where the plan fails on it', async () => {
    let isBroken = false;
    const fails = udf((text: string) => {
      if (isBroken) throw new RangeError(text);
      return text;
    }, 'STRING');
    const build: Build = (df) => df.select(fails(col('k')).alias('k'));
    const [record] = await asked(build, { batches: closing }, async (query) => {
      isBroken = true;
      return (await query.why('0:1')).records;
    });
    expect(record).toMatchObject({ isRead: true, batchId: 1, missing: { code: expect.any(String) } });
    expect(record?.missing?.message).toContain('b');
  });
});

describe('a record of long ago', () => {
  const config = { 'spark.sql.streaming.minBatchesToRetain': '2' };
  const fed: readonly Fed[][] = [[['a', 3]], [['b', 16]], [['c', 5]], [['d', 17]], [['e', 18]], [['f', 19]], [['g', 20]], [['h', 21]]]; // prettier-ignore

  it('is known by the history of a query with a watermark', async () => {
    const records = await asked(windows, { batches: fed, config }, async (query) => [
      ...(await query.why('0:0')).records,
      ...(await query.why('0:2')).records,
    ]);
    expect(records).toMatchObject([
      { batchId: 0, steps: [{ outcome: 'counted', window: { closedInBatch: 3 } }] },
      { batchId: 4, steps: [{ outcome: 'late', lateByMs: 1000 }] },
    ]);
  });

  it('may or may not have been the first of its key, unless it was of the first batch', async () => {
    const [record] = await asked(distinct, { batches: fed, config }, async (query) => (await query.why('0:0')).records);
    expect(record?.steps).toMatchObject([{ outcome: 'passed' }]);
    const later = await asked(thenCounted, { batches: fed, config }, async (query) => (await query.why('0:3')).records);
    expect(later[0]?.steps?.map(short)).toEqual(['deduplicate unknown', 'aggregate unknown open']);
  });

  it('is known of a query without a checkpoint, too', async () => {
    const records = await asked(windows, { batches: fed, checkpoint: null }, async (query) => [
      ...(await query.why('0:0')).records,
      ...(await query.why('0:2')).records,
    ]);
    expect(records.map(({ steps }) => steps?.map(short))).toEqual([
      ['aggregate counted closed'],
      ['aggregate late closed'],
    ]);
  });
});
