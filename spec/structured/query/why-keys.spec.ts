import { describe, expect, it } from '@jest/globals';
import { expr, sessionWindow, window } from '../../../lib/functions.ts';
import type { WhyQuestion } from '../../../lib/index.ts';
import { asked, type Build, type Fed, told } from './why-scene.ts';

const windows: Build = (df) => df.groupBy(window('ts', '10 seconds'), 'k').count();
const distinct: Build = (df) => df.dropDuplicates(['k', 'ts']);
const joined =
  (how: string): Build =>
  (left, right) =>
    left.join(right, expr('k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 10 SECONDS'), how);
const closing: readonly Fed[][] = [[['a', 3]], [['b', 16]], [['a', 5], ['c', 17]]]; // prettier-ignore

/** Whether a row of second 3 is remembered when one of this second has come. */
async function isRemembered(second: number): Promise<unknown> {
  const batches: readonly Fed[][] = [[['a', 3]], [['b', second]]];
  const { keys } = await asked(distinct, { batches }, async (query) => await query.why({ key: { k: 'a' } }));
  return keys[0]?.isInState;
}

describe('what is known of a key', () => {
  it.each<[string, Build, string, WhyQuestion, object]>([
    ['a group in an open window', windows, 'append', { key: { k: 'c' } }, { isInState: true, sinceBatch: 4, leavesAtUs: 1_704_067_220_000_000 }], // prettier-ignore
    ['a group that was given out', windows, 'append', { key: { k: 'a' }, window: '2024-01-01 00:00:03' }, { isInState: false, finishedInBatch: 3 }], // prettier-ignore
    ['no group of a closed window', windows, 'append', { key: { k: 'z' }, window: '2024-01-01 00:00:03' }, { isInState: false }], // prettier-ignore
    ['a group for good', (df) => df.groupBy('k').count(), 'update', { key: { K: 'a' } }, { isInState: true, sinceBatch: 0, leavesAtUs: null }], // prettier-ignore
    ['a session', (df) => df.groupBy(sessionWindow('ts', '5 seconds'), 'k').count(), 'append', { key: { k: 'c' } }, { isInState: true, sinceBatch: 4, endUs: 1_704_067_222_000_000 }], // prettier-ignore
    ['a row that was seen', (df) => df.dropDuplicates(['k', 'ts']), 'append', { key: { k: 'b' } }, { isInState: true, sinceBatch: 2, leavesAtUs: 1_704_067_216_000_000 }], // prettier-ignore
    ['a row seen within the watermark', (df) => df.dropDuplicatesWithinWatermark(['k']), 'append', { key: { k: 'b' } }, { isInState: true, leavesAtUs: 1_704_067_221_000_000 }], // prettier-ignore
    ['a row seen for good', (df) => df.dropDuplicates(['k']), 'append', { key: { k: 'b' } }, { isInState: true, leavesAtUs: null }], // prettier-ignore
    ['a row that was not seen', (df) => df.dropDuplicates(['k']), 'append', { key: { k: 'z' } }, { isInState: false }],
  ])('%s', async (_, build, mode, question, expected) => {
    const { keys } = await asked(build, { mode, batches: closing }, async (query) => await query.why(question));
    expect(keys).toHaveLength(1);
    expect({ finishedInBatch: 'none', ...keys[0] }).toMatchObject({ finishedInBatch: 'none', ...expected });
  });

  it('is right about what lets a seen row go: just before it does not, at it does', async () => {
    expect([await isRemembered(7.999), await isRemembered(8)]).toEqual([true, false]);
  });

  it.each([
    ['inner', 'A pair comes out in the batch in which the second of its rows is read.'],
    ['leftOuter', 'A row of the left side that has matched nothing comes out, with nulls, when it leaves the state.'],
    ['fullOuter', 'A row of either side that has matched nothing comes out, with nulls, when it leaves the state.'],
    ['leftSemi', 'A row of the left side comes out with its first match.'],
  ])('rows of a join: %s', async (how, rule) => {
    const batches: readonly Fed[][] = [[['a', 3], ['b', 4]], [['b', 5, 'right']]]; // prettier-ignore
    const { keys } = await asked(joined(how), { batches }, async (query) => await query.why({ key: { k: 'a' } }));
    expect(keys).toMatchObject([
      { isInState: true, sinceBatch: 0, rows: { left: { kept: 1, matched: 0 }, right: { kept: 0, matched: 0 } } },
    ]);
    expect(keys[0]?.text).toContain(rule);
    // The left row of second 3 goes with nothing after second 13.
    expect(keys[0]?.leavesAtUs).toBe(1_704_067_213_001_000);
  });

  it('tells by when a row of an outer join comes out', async () => {
    const batches: readonly Fed[][] = [[['a', 3]]];
    expect(await told(joined('leftOuter'), { batches }, { key: { k: 'a' } })).toEqual([
      'join: {"k":"a"} is in the state since batch 0: 1 row of the left side, 0 matched; 0 rows of the right side, 0 matched. A pair comes out in the batch in which the second of its rows is read. A row of the left side that has matched nothing comes out, with nulls, when it leaves the state. The first of its rows leaves the state when the watermark reaches 00:13.001; it is 1970-01-01 00:00:00.',
    ]);
  });

  it.each<[string, WhyQuestion, string]>([
    ['a column that no step has', { key: { user: 'a' } }, 'WHY_NO_KEY'],
    ['no column', { key: {} }, 'WHY_NO_KEY'],
    ['a value of another type', { key: { k: 5 } }, 'QUERY_VALUE_OF_TYPE'],
    ['a record as the window', { key: { k: 'a' }, window: '0:1' }, 'WHY_QUESTION'],
  ])('refuses %s', async (_, question, code) => {
    const answer = asked(windows, { batches: closing }, async (query) => await query.why(question));
    await expect(answer).rejects.toMatchObject({ code });
  });
});

describe('what steps without windows say of a time', () => {
  it.each<[string, Build, string, string]>([
    ['groups', (df) => df.groupBy('k').count(), 'update', 'aggregate has no windows that a watermark closes; it keeps 3 groups. Each batch gives out the groups that it has changed. Nothing ever leaves.'], // prettier-ignore
    ['windows in complete mode', windows, 'complete', 'aggregate has no windows that a watermark closes; it keeps 3 groups. Every batch with data gives out every group. Nothing ever leaves.'], // prettier-ignore
    ['seen rows', (df) => df.dropDuplicates(['k', 'ts']), 'append', 'deduplicate has no windows that a watermark closes; it keeps 2 keys. The first row of a key comes out in the batch that reads it; further ones are dropped as duplicates. The first leaves when the watermark reaches 00:16; it is 00:12.'], // prettier-ignore
    ['a limit', (df) => df.limit(2), 'append', 'limit has counted 2 rows. The first rows of the whole life of the query come out, later ones do not.'], // prettier-ignore
    [
      'no state',
      (df) => df.select('k'),
      'append',
      'The query keeps no state: what a batch reads, it gives out itself.',
    ],
  ])('%s', async (_, build, mode, text) => {
    expect(await told(build, { mode, batches: closing }, '2024-01-01 00:00:03')).toEqual([text]);
  });
});
