import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as F from '../../../../../lib/functions.ts';
import {
  CountedItems,
  type CountedType,
  countedType,
} from '../../../../../lib/structured/functions/sketches/frequent-items/counted-items.ts';
import { atomic } from '../../../../../lib/structured/types/type-classes.ts';
import { QueryBench, sorted } from '../../../operators/query-bench.ts';

const ints = countedType(atomic('int')) as CountedType;

function counted(tracked: number, items: Iterable<number>): CountedItems {
  const sketch = CountedItems.of(ints, tracked);
  for (const item of items) sketch.update(item);
  return sketch;
}

function countsOf(items: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** The most that an estimate may be above the truth: a part of all, by the size of the table. */
function errorOf(tracked: number, total: number): number {
  return (3.5 / 2 ** Math.ceil(Math.log2(Math.ceil(tracked / 0.75)))) * total;
}

const parts = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), { minLength: 1, maxLength: 5 });

describe('counted items', () => {
  it('are counted exactly while there are no more than are tracked', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const sketch = CountedItems.of(ints, 40);
        for (const items of given) sketch.merge(counted(40, items));
        expect(new Map(sketch.top(100) as readonly [number, number][])).toEqual(countsOf(given.flat()));
      }),
    );
  });

  it('are never told to be fewer than they were, nor many more, and the frequent ones are among them', () => {
    fc.assert(
      fc.property(parts, (given) => {
        // Not merged: DataSketches forgets what it took off of a sketch that has nothing left.
        const sketch = counted(6, given.flat());
        const counts = countsOf(given.flat());
        const error = errorOf(6, given.flat().length);
        const top = new Map(sketch.top(100) as readonly [number, number][]);
        for (const [item, count] of top) {
          expect(count).toBeGreaterThanOrEqual(counts.get(item) ?? 0);
          expect(count).toBeLessThanOrEqual((counts.get(item) ?? 0) + error);
        }
        const frequent = [...counts].filter(([, count]) => count > 2 * error).map(([item]) => item);
        expect([...top.keys()]).toEqual(expect.arrayContaining(frequent));
      }),
    );
  });

  it('are read from their bytes as they come out of a copy', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const sketch = CountedItems.of(ints, 6);
        for (const items of given) sketch.merge(counted(6, items));
        const read = CountedItems.read(ints, sketch.toBytes());
        expect(read?.toBytes()).toEqual(sketch.copy().toBytes());
        expect(sorted(read?.top(100) ?? [])).toEqual(sorted(sketch.top(100)));
      }),
    );
  });

  it('are not read from any other bytes', () => {
    const bytes = counted(6, [1, 2, 3, 1]).toBytes();
    for (let length = 0; length < bytes.length; length++) {
      expect(CountedItems.read(ints, bytes.slice(0, length))).toBeUndefined();
    }
    expect(CountedItems.read(countedType(atomic('float')) as CountedType, bytes)).toBeUndefined();
  });
});

/** What `approx_top_k_accumulate` gives. */
function state(...items: number[]): readonly [Uint8Array, number, null, string] {
  return [counted(10, items).toBytes(), 10, null, 'item INT NOT NULL'];
}

function of(item: string | null, count: number): unknown {
  return { item, count };
}

describe.each([true, false])('counts of streams, generated: %s', (mayGenerate) => {
  it('go on over batches and a restart', () => {
    const bench = new QueryBench({
      streams: { events: 'k STRING, v STRING' },
      query: ({ events }) =>
        events
          .groupBy('k')
          .agg(F.approxTopK('v', 2).alias('top'), F.approxTopKAccumulate('v').alias('s'))
          .select('k', 'top', F.approxTopKEstimate('s', 1).alias('first')),
      mode: 'update',
      mayGenerate,
    });
    const batch = (...events: (readonly [string, string | null])[]): unknown => bench.batch({ events }).output;
    batch(['a', 'x'], ['a', 'y'], ['a', 'y']);
    bench.restart();
    expect(sorted(batch(['a', 'x'], ['a', 'x'], ['a', 'z']) as unknown[])).toEqual(
      sorted([{ k: 'a', top: [of('x', 3), of('y', 2)], first: [of('x', 3)] }]),
    );
    bench.restart();
    const nulls = Array.from({ length: 4 }, () => ['a', null] as const);
    expect(sorted(batch(...nulls) as unknown[])).toEqual(
      sorted([{ k: 'a', top: [of(null, 4), of('x', 3)], first: [of(null, 4)] }]),
    );
    bench.close();
  });

  it('of sketches go on over batches and a restart', () => {
    const streams = { events: 'k STRING, s STRUCT<a: BINARY, b: INT, c: INT, d: STRING>' };
    const bench = new QueryBench({
      streams,
      query: ({ events }) =>
        events
          .groupBy('k')
          .agg(F.approxTopKCombine('s').alias('s'))
          .select('k', F.approxTopKEstimate('s', 2).alias('top'), 's.maxItemsTracked'),
      mode: 'update',
      mayGenerate,
    });
    bench.batch({ events: [['a', state(1, 1, 2)]] });
    bench.restart();
    expect(bench.batch({ events: [['a', state(2, 2, 3)]] }).output).toEqual([
      {
        k: 'a',
        top: [
          { item: 2, count: 3 },
          { item: 1, count: 2 },
        ],
        maxItemsTracked: 10,
      },
    ]);
    bench.close();
  });
});
