import { describe, expect, it } from '@jest/globals';
import { durationMs, minutes, seconds } from '../../lib/kernel/time.ts';

describe('durationMs', () => {
  it.each([
    [250, 250],
    ['10 seconds', 10_000],
    ['1 minute', 60_000],
    ['500 ms', 500],
    ['500ms', 500],
    ['1 hour 30 minutes', 5_400_000],
    ['1.5 seconds', 1500],
    ['1.1 seconds', 1100],
    ['INTERVAL 45 SECOND', 45_000],
    ['1 week', 604_800_000],
  ])('reads %p as %p ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each([
    [0],
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [''],
    ['ten seconds'],
    ['10'],
    ['5 fortnights'],
    ['0 ms'],
    ['-1 second'],
    ['0.3 ms'],
  ])('refuses %p with the forms it takes', (value) => {
    expect(() => durationMs(value)).toThrow(
      /^\[CONFIG_DURATION\] .* is not a duration\. Use milliseconds above 0 or text such as/u,
    );
  });

  it('counts seconds and minutes in milliseconds', () => {
    expect([seconds(1.5), minutes(2)]).toEqual([1500, 120_000]);
  });
});
