import { describe, expect, it } from '@jest/globals';
import { reportText } from '../../../lib/cli/compare/report.ts';
import { run } from '../../compare/run-compare.ts';

describe('the report of a comparison', () => {
  it.each([60, 80, 200])('stays within %i columns', async (columns) => {
    for (const pair of ['tumbling', 'top-k']) {
      const text = reportText(await run(pair, { latePercent: 20, skewMs: 5000 }), columns);
      expect(text.split('\n').filter((line) => line.length > columns)).toEqual([]);
      // Nothing of a table is cut off where it could stand.
      expect(text).toMatch(/^\|12:04:\d\d-12:0\d:\d\d\|.*\|\s*differs(?:, waiting)?\|$/mu);
    }
  });

  it('says nothing of reasons when there are none', async () => {
    const text = reportText(await run('running-total'), 80);
    expect(text).toContain('The results are the same: 3 rows.');
    expect(text).not.toContain('Why');
  });
});
