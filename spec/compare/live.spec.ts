import { expect, it } from '@jest/globals';
import { compare } from '../../lib/compare/compare.ts';
import { compareLive } from '../../lib/compare/live.ts';
import { defaultSettings } from '../../lib/compare/settings.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { pairOf } from './run-compare.ts';

const beginMs = Date.UTC(2026, 0, 5, 12);

it('gives for records that come while both run what it gives for them afterwards', async () => {
  const clock = new ManualClock(beginMs + 3000);
  const waited: string[] = [];
  let stopped = 0;
  const model = await compareLive(pairOf('tumbling'), defaultSettings, {
    clock,
    forMs: 50_000,
    ended: new Promise(() => undefined),
    begin: (take) => {
      // Windows begin at 20 s: seconds from there, of the arrival and of the event.
      for (const [arrival, event, key] of [
        [1, 0, 'ann'],
        [19, 18, 'bob'],
        [23, 19, 'ann'],
        [44, 44, 'bob'],
        [49, 2, 'ann'],
      ] as const) {
        const eventMs = beginMs + 20_000 + event * 1000;
        clock.schedule(() => {
          take({ key, eventMs, value: 1, stream: 'left', partition: 1 });
        }, arrival * 1000);
      }
      return Promise.resolve(() => {
        stopped += 1;
      });
    },
    onWaiting: (what, ms) => waited.push(`${what} ${ms}`),
  });
  expect(waited).toEqual(['start 17000', 'end 24000']);
  expect(stopped).toBeGreaterThan(0);
  expect(model.records.map(({ arrivalMs }) => (arrivalMs - beginMs) / 1000)).toEqual([21, 39, 43, 64, 69]);
  expect(model.verdict.differing).toBeGreaterThan(1);
  const { rows } = await compare(pairOf('tumbling'), defaultSettings, model.records);
  expect(model.rows).toEqual(rows);
});
