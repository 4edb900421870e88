import { describe, expect, it } from '@jest/globals';
import { type WatermarkPolicy, WatermarkTracker } from '../../../lib/structured/query/watermark-tracker.ts';

const seen = (maxMs: number | undefined, delayMs = 1000) => ({
  delayMs,
  count: maxMs === undefined ? 0 : 1,
  maxUs: maxMs === undefined ? undefined : maxMs * 1000,
  minUs: undefined,
  averageUs: undefined,
});

describe('the watermark of a query', () => {
  it.each<[string, WatermarkPolicy, (number | undefined)[][], number[]]>([
    ['is the epoch before any data', 'min', [[undefined]], [0]],
    ['is the greatest time less the delay', 'min', [[5000]], [4000]],
    ['never goes back', 'min', [[5000], [3000]], [4000, 4000]],
    ['stays at the epoch for times before it', 'min', [[-5000]], [0]],
    ['is the least of several nodes', 'min', [[9000, 5000]], [4000]],
    [
      'is held by a node that has seen nothing',
      'min',
      [
        [9000, undefined],
        [9500, 7000],
      ],
      [0, 6000],
    ],
    ['is the greatest of several nodes when asked for', 'max', [[9000, undefined]], [8000]],
    [
      'goes on from what a node had seen before',
      'min',
      [
        [9000, 5000],
        [undefined, 20_000],
      ],
      [4000, 8000],
    ],
  ])('%s', (_, policy, batches, expected) => {
    const tracker = new WatermarkTracker(policy);
    const watermarks = batches.map((batch) => {
      tracker.advance(batch.map((maxMs) => seen(maxMs)));
      return tracker.watermarkMs;
    });
    expect(watermarks).toEqual(expected);
  });

  it('cuts microseconds off', () => {
    const tracker = new WatermarkTracker('min');
    tracker.advance([{ ...seen(5000), maxUs: 5_000_999 }]);
    expect(tracker.watermarkMs).toBe(4000);
  });
});
