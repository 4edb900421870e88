import { expect, it } from '@jest/globals';
import { why } from '../../../lib/structured/query/why.ts';
import { timeZone, type TimeZone } from '../../../lib/structured/types/time-zone.ts';

it('has nothing to say of the checkpoint of a program without event times', async () => {
  const program = { appName: 'words', batchIntervalMs: 1000, zeroTime: 0, operators: [] };
  const view = { program, commits: [], plans: [], table: () => new Map() };
  const setup = { moments: { read: <T>(body: (v: typeof view) => T) => body(view) }, trace: undefined };
  await expect(why({ ...setup, zone: timeZone('UTC') as TimeZone }, new Date(0))).rejects.toMatchObject({
    code: 'WHY_NO_QUERY',
  });
});
