import { describe, expect, it } from '@jest/globals';
import { ManualClock, SparkContext } from '../../../lib/index.ts';

describe('countApprox', () => {
  it('is exact when there is time', async () => {
    expect(await new SparkContext().range(0, 1001, 1, 4).countApprox('1 minute')).toBe(1001);
  });

  it('takes the rest to be as large as what was counted when the time is up', async () => {
    let nowMs = 0;
    const clock = new ManualClock();
    clock.monotonicMs = () => nowMs;
    const sc = new SparkContext({ clock });
    const slow = sc.range(0, 1000, 1, 10).mapPartitions((values) => {
      nowMs += 100;
      return values;
    });
    // Four partitions of a hundred numbers each, of which 250 stay.
    expect(await slow.filter((n) => n < 150 || n >= 300).countApprox(400)).toBe(625);
    expect(await sc.range(0, 1000, 1, 10).countApprox(0)).toBe(1000);
  });

  it('is 0 without partitions', async () => {
    expect(await new SparkContext().emptyRDD().countApprox(10)).toBe(0);
  });

  it.each([-1, Number.NaN, 'soon'])('refuses %p as time', async (timeout) => {
    await expect(new SparkContext().range(3).countApprox(timeout)).rejects.toThrow(/timeout|CONFIG_DURATION/u);
  });
});

describe('countApproxDistinct', () => {
  it.each([
    [0, 0.05],
    [1, 0.05],
    [100, 0.05],
    [3000, 0.05],
    [10_000, 0.02],
    [3000, 0.3],
  ])('of %i values is within three times %d', async (count, relativeSD) => {
    const sc = new SparkContext();
    const twice = sc.union([sc.range(0, count, 1, 3), sc.range(0, count, 1, 2)]).map((n) => `user ${n}`);
    const estimate = await twice.countApproxDistinct(relativeSD);
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(3 * relativeSD * count);
  });

  it('takes values as equal as keys are', async () => {
    const values = [1, 1, '1', [1], [1], { a: 1, b: 2 }, { b: 2, a: 1 }, Number.NaN, Number.NaN];
    expect(await new SparkContext().parallelize(values).countApproxDistinct(0.01)).toBe(5);
  });

  it.each([0, 0.9, Number.NaN])('refuses %p as accuracy', async (relativeSD) => {
    await expect(new SparkContext().range(3).countApproxDistinct(relativeSD)).rejects.toThrow('relativeSD');
  });
});
