import { describe, expect, it } from '@jest/globals';
import { type WatermarkPolicy, WatermarkTracker } from '../../../lib/structured/query/watermark-tracker.ts';

const seen = (maxMs: number | undefined, delayMs = 1000) => ({
  delayMs,
  count: maxMs === undefined ? 0 : 1,
  maxUs: maxMs === undefined ? undefined : maxMs * 1000,
  minUs: undefined,
  averageUs: undefined,
});

const start = (): WatermarkTracker =>
  new WatermarkTracker('min', undefined, { timeoutsMs: [10_000, 10_000], nowMs: 0 });
const none = (): boolean => false;

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

  describe('with an idle timeout of 10 seconds', () => {
    it('leaves a node out when it has been silent for so long, and not before', () => {
      const tracker = start();
      tracker.advance([seen(9000), seen(5000)], 1000);
      tracker.advance([seen(20_000), seen(undefined)], 2000);
      tracker.lookForIdle(10_999, none);
      expect(tracker.watermarkMs).toBe(4000);
      // The first node, silent since 2000, holds it now.
      tracker.lookForIdle(11_000, none);
      expect(tracker.watermarkMs).toBe(19_000);
      expect(tracker.nodes).toEqual([
        { watermarkMs: 19_000, isIdle: false, isPinning: true },
        { watermarkMs: 4000, isIdle: true, isPinning: false },
      ]);
    });

    it('counts a node again when it wakes: the watermark waits for it and never goes back', () => {
      const tracker = start();
      tracker.advance([seen(20_000), seen(5000)], 0);
      tracker.advance([seen(30_000), seen(undefined)], 10_000);
      expect(tracker.watermarkMs).toBe(29_000);
      tracker.advance([seen(40_000), seen(6000)], 11_000);
      expect(tracker.watermarkMs).toBe(29_000);
      tracker.advance([seen(50_000), seen(33_000)], 12_000);
      expect(tracker.watermarkMs).toBe(32_000);
    });

    it('does not let a node go whose rows are there already', () => {
      const tracker = start();
      tracker.advance([seen(20_000), seen(5000)], 0);
      tracker.advance([seen(30_000), seen(undefined)], 9000);
      tracker.lookForIdle(15_000, (node) => node === 1);
      expect(tracker.watermarkMs).toBe(4000);
    });

    it('stays where it is when all are silent', () => {
      const tracker = start();
      tracker.advance([seen(20_000), seen(5000)], 0);
      tracker.lookForIdle(60_000, none);
      expect(tracker.watermarkMs).toBe(4000);
    });

    it('goes on after a restart as if there had been none, whatever the downtime', () => {
      const before = start();
      before.advance([seen(20_000), seen(5000)], 0);
      before.advance([seen(30_000), seen(undefined)], 9000);
      const after = new WatermarkTracker('min', before.state, { timeoutsMs: [10_000, 10_000], nowMs: 500_000 });
      after.lookForIdle(500_999, none);
      expect(after.watermarkMs).toBe(4000);
      after.lookForIdle(501_000, none);
      expect(after.watermarkMs).toBe(29_000);
    });
  });
});
