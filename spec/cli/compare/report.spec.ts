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

  it('gives sessions the bounds that each engine found, and keeps to one where there is no room', async () => {
    const model = await run('session');
    expect(reportText(model, 200)).toMatch(/\|\s+DStream window\|\s+structured window\|row\|DStream\|structured\|/u);
    expect(reportText(model, 200)).toMatch(/^12:0\S+ \w+: DStream count \d, structured count \d in 12:0\S+$/mu);
    const text = reportText(model, 60);
    expect(text).toMatch(/\|\s+from\|row\|DStream\|structured\|/u);
    expect(text).toMatch(/\|12:04:\S+\|\w+\|\s+\d\|\s+\d\|\s+differs\|/u);
    expect(text.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });

  it.each([
    ['tumbling', /^60 records from 12:04:00 to 12:0\S+, batch 2 s, window 20 s, watermark 10 s behind, update mode$/mu],
    ['sliding', /, window 20 s, slide 10 s, watermark 10 s behind, update mode$/mu],
    ['session', /, gap that ends a session 6 s, watermark 6 s behind, append mode$/mu],
    ['running-total', /, batch 2 s, update mode$/mu],
    ['top-k', /, window 20 s, watermark 10 s behind, 2 ranks kept, append mode$/mu],
    ['dedup', /, memory of the DStream 20 s, watermark 10 s behind, append mode$/mu],
  ])('names the settings that make a difference to %s, and no others', async (pair, settings) => {
    expect(reportText(await run(pair, { count: 60 }), 200)).toMatch(settings);
  });

  it('says nothing of reasons when there are none', async () => {
    const text = reportText(await run('running-total'), 80);
    expect(text).toContain('The results are the same: 3 rows.');
    expect(text).not.toContain('Why');
  });
});
