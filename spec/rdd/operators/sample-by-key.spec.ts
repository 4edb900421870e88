import { describe, expect, it } from '@jest/globals';
import { type RDD, SparkContext } from '../../../lib/index.ts';
import type { Fractions } from '../../../lib/rdd/operators/sample-by-key.ts';

const keyed = (): RDD<[string, number]> =>
  new SparkContext().range(0, 9000, 1, 3).keyBy((n) => (n % 3 === 0 ? 'none' : n % 3 === 1 ? 'some' : 'all'));

async function counts(
  withReplacement: boolean,
  fractions: Fractions<string>,
  seed = 7,
): Promise<Record<string, number>> {
  return Object.fromEntries(await keyed().sampleByKey(withReplacement, fractions, seed).countByKey());
}

describe('sampleByKey', () => {
  it.each<readonly [string, Fractions<string>]>([
    ['an object', { none: 0, some: 0.4, all: 1 }],
    ['a Map', new Map(Object.entries({ none: 0, some: 0.4, all: 1 }))],
    [
      'pairs',
      [
        ['none', 0],
        ['some', 0.4],
        ['all', 1],
      ],
    ],
  ])('takes of each key about its fraction, as %s', async (_, fractions) => {
    const { none = 0, some = 0, all } = await counts(false, fractions);
    expect([none, all]).toEqual([0, 3000]);
    expect(Math.abs(some - 1200)).toBeLessThan(120);
  });

  it('takes elements several times with replacement', async () => {
    const { none = 0, some = 0, all = 0 } = await counts(true, { none: 0, some: 0.5, all: 3 });
    expect(none).toBe(0);
    expect(Math.abs(some - 1500)).toBeLessThan(200);
    expect(Math.abs(all - 9000)).toBeLessThan(400);
  });

  it('takes the same for the same seed', async () => {
    const sampled = keyed().sampleByKey(false, { none: 0.5, some: 0.5, all: 0.5 }, 3);
    const once = await sampled.collect();
    expect(await sampled.collect()).toEqual(once);
    expect(await keyed().sampleByKey(false, { none: 0.5, some: 0.5, all: 0.5 }, 4).collect()).not.toEqual(once);
  });

  it('fails at a key without a fraction, by name', async () => {
    await expect(counts(false, { none: 0, some: 1 })).rejects.toMatchObject({
      code: 'RDD_FRACTION_MISSING',
      params: { key: 'all' },
    });
  });

  it.each<readonly [boolean, unknown, string]>([
    [false, { a: 1.5 }, 'the fraction of a'],
    [true, { a: -1 }, 'the fraction of a'],
    [false, 5, 'fractions'],
    [false, null, 'fractions'],
  ])('refuses fractions by name: %j %j', (withReplacement, fractions, name) => {
    expect(() => keyed().sampleByKey(withReplacement, fractions as Fractions<string>)).toThrow(name);
  });
});
