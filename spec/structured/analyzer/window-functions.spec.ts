import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { col, expr, sessionWindow, window, windowTime } from '../../../lib/functions.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { Long } from '../../../lib/structured/types/data-type.ts';
import { newSession } from '../frames.ts';
import { runPlan } from '../run-plan.ts';

const second = 1_000_000n;

/** The windows of a time by definition: all multiples of the slide, shifted, that begin at or before it and end after it. */
function windowsOf(
  time: bigint,
  duration: bigint,
  slide: bigint,
  start: bigint,
): readonly (readonly [bigint, bigint])[] {
  const past = (((time - start) % slide) + slide) % slide;
  const windows: (readonly [bigint, bigint])[] = [];
  for (let from = time - past; from + duration > time; from -= slide) windows.push([from, from + duration]);
  return windows;
}

function times(micros: readonly Long[]): DataFrame {
  const rows = micros.map((value) => [value]);
  return newSession().createDataFrame(rows, 'us BIGINT').select(expr('timestamp_micros(us)').alias('t'));
}

const micros = fc.oneof(
  fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
  fc.bigInt({ min: -100n, max: 100n }).map((n) => n * second),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n)),
);

describe('time windows', () => {
  it('are those that a time is in, newest first, whatever the year', async () => {
    await fc.assert(
      fc.asyncProperty(
        micros,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: -39, max: 39 }),
        async (time, long, short, shift) => {
          const [duration, slide] = long >= short ? [long, short] : [short, long];
          const start = shift % slide;
          const frame = times([time]).select(
            window('t', `${duration} seconds`, `${slide} seconds`, `${start} seconds`),
          );
          const expected = windowsOf(time, BigInt(duration) * second, BigInt(slide) * second, BigInt(start) * second);
          for (const mayGenerate of [true, false]) {
            const rows = await runPlan(frame.resolvedPlan, mayGenerate);
            expect(rows.map(([w]) => (w as readonly Long[]).map(BigInt))).toEqual(expected);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('leave out rows without a time', async () => {
    const frame = newSession()
      .createDataFrame([[null]], 't TIMESTAMP')
      .select(window('t', '5 seconds'));
    expect(await runPlan(frame.resolvedPlan)).toEqual([]);
  });

  it.each([
    ["'5 seconds'", 5_000_000],
    ["'0 seconds'", undefined],
    ["'-1 seconds'", undefined],
    ["'1 month'", 31 * 86_400_000_000],
    ["'1 day'", 86_400_000_000],
    ['INTERVAL 7 SECONDS', 7_000_000],
    ["CASE WHEN true THEN '2 seconds' END", 2_000_000],
  ])('a session of one row lasts for its gap, %s', async (gap, length) => {
    const frame = times([0]).select(sessionWindow('t', expr(gap)));
    const rows = await runPlan(frame.resolvedPlan);
    expect(rows).toEqual(length === undefined ? [] : [[[0, length]]]);
  });

  it('end one microsecond after their event time', async () => {
    const frame = times([12_000_000])
      .select(window('t', '5 seconds').alias('w'))
      .select(windowTime('w').cast('bigint'), col('w').getField('end').cast('bigint'));
    expect(await runPlan(frame.resolvedPlan)).toEqual([[14, 15]]);
  });
});
