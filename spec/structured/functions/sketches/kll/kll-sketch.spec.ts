import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { doubles, type ItemKind, longs } from '../../../../../lib/structured/functions/sketches/kll/item-kind.ts';
import { kllBytes, readKll } from '../../../../../lib/structured/functions/sketches/kll/kll-bytes.ts';
import { KllSketch } from '../../../../../lib/structured/functions/sketches/kll/kll-sketch.ts';
import { sortedView } from '../../../../../lib/structured/functions/sketches/kll/kll-view.ts';
import { JavaRandom } from '../../../../../lib/structured/types/java-random.ts';

function sketchOf(kind: ItemKind, k: number, items: Iterable<number>): KllSketch {
  const sketch = KllSketch.of(kind, k);
  for (const item of items) sketch.update(item);
  return sketch;
}

/** How many items it says that it stands for, by what it holds. */
function weight({ levels }: KllSketch): number {
  return levels.reduce((sum, { length }, level) => sum + length * 2 ** level, 0);
}

const item = fc.integer({ min: -50, max: 50 });
const parts = fc.array(fc.record({ k: fc.constantFrom(8, 9, 20), items: fc.array(item, { maxLength: 120 }) }), {
  minLength: 1,
  maxLength: 6,
});

describe('a KLL sketch', () => {
  it('knows how many items there were, the least and the greatest, whatever was merged', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const sketch = KllSketch.of(longs, 8);
        const all: number[] = [];
        for (const { k, items } of given) {
          sketch.merge(sketchOf(longs, k, items));
          all.push(...items);
          expect([sketch.n, weight(sketch), sketch.isEmpty]).toEqual([all.length, all.length, all.length === 0]);
          expect(sketch.retained).toBeLessThanOrEqual(sketch.capacity);
        }
        const ends = all.length === 0 ? [0, 0] : [Math.min(...all), Math.max(...all)];
        expect([sketch.min, sketch.max]).toEqual(ends);
      }),
    );
  });

  it('is read from its bytes as it was, and goes on as if it had not been written', () => {
    fc.assert(
      fc.property(parts, fc.array(item, { maxLength: 40 }), (given, more) => {
        const sketch = KllSketch.of(longs, 8);
        for (const { k, items } of given) sketch.merge(sketchOf(longs, k, items));
        const bytes = kllBytes(sketch);
        const copy = readKll(longs, bytes) as KllSketch;
        expect(kllBytes(copy)).toEqual(bytes);
        for (const each of more) {
          sketch.update(each);
          copy.update(each);
        }
        expect(kllBytes(copy)).toEqual(kllBytes(sketch));
      }),
    );
  });

  it('leaves alone what is merged into another', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const sketch = sketchOf(longs, 8, [1, 2, 3]);
        for (const { k, items } of given) {
          const other = sketchOf(longs, k, items);
          const before = kllBytes(other);
          sketch.merge(other);
          for (let i = 0; i < 30; i++) sketch.update(i);
          expect(kllBytes(other)).toEqual(before);
        }
      }),
    );
  });

  it('is exact up to k items', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 200 }), (items) => {
        const view = sortedView(sketchOf(longs, 200, items));
        const sorted = items.toSorted((a, b) => a - b);
        expect(items.map((_, i) => view?.quantile((i + 1) / items.length))).toEqual(sorted);
        for (const each of [-51, 0, 17, 50]) {
          expect(view?.rank(each)).toBe(items.filter((other) => other <= each).length / items.length);
        }
      }),
    );
  });

  it('takes no NaN', () => {
    expect(kllBytes(sketchOf(doubles, 8, [NaN]))).toEqual(kllBytes(KllSketch.of(doubles, 8)));
  });

  it('reads no bytes that end too early', () => {
    const bytes = kllBytes(
      sketchOf(
        longs,
        8,
        Array.from({ length: 50 }, (_, i) => i),
      ),
    );
    for (let length = 0; length < bytes.length; length++)
      expect(readKll(longs, bytes.slice(0, length))).toBeUndefined();
  });

  it('reads any bytes or refuses them', () => {
    const bytes = kllBytes(
      sketchOf(
        longs,
        8,
        Array.from({ length: 50 }, (_, i) => i),
      ),
    );
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const sketch = readKll(longs, bytes.with(at, value));
        if (sketch === undefined) return;
        expect(sketch.retained).toBeLessThanOrEqual(sketch.capacity);
        sketch.merge(sketchOf(longs, 8, [1, 2, 3]));
        sortedView(sketch);
      }),
    );
  });
});

const count = 30_000;
const random = new JavaRandom(7);
const orders: Readonly<Record<string, readonly number[]>> = {
  ascending: Array.from({ length: count }, (_, i) => i),
  descending: Array.from({ length: count }, (_, i) => count - 1 - i),
  mixed: Array.from({ length: count }, (_, i) => [random.nextInt(1 << 30), i] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, i]) => i),
};

/** The farthest that a rank is from what it should be, as a part of all items, which are 0 to `count` - 1. */
function worstError(sketch: KllSketch): number {
  const view = sortedView(sketch);
  return Math.max(...Array.from({ length: count }, (_, i) => Math.abs((view?.rank(i) ?? 1) - (i + 1) / count)));
}

/** What 99 of 100 sketches keep to, for all ranks at once. */
function bound(k: number): number {
  return 2.446 / k ** 0.9433;
}

describe.each(Object.entries(orders))('ranks of %s items', (_, items) => {
  it.each([20, 50, 200, 1000])('are as near as k = %d promises', (k) => {
    expect(worstError(sketchOf(longs, k, items))).toBeLessThan(bound(k));
  });

  it.each([
    [20, 7],
    [200, 3],
    [200, 40],
    [200, 1000],
  ])('are as near as k = %d promises when %d sketches are merged', (k, sketches) => {
    const sketch = KllSketch.of(longs, k);
    for (let part = 0; part < sketches; part++) {
      sketch.merge(
        sketchOf(
          longs,
          k,
          items.filter((_, i) => i % sketches === part),
        ),
      );
    }
    expect(sketch.n).toBe(count);
    expect(worstError(sketch)).toBeLessThan(bound(k));
  });
});
