import { describe, expect, it } from '@jest/globals';
import * as F from '../../../../../lib/functions.ts';
import { decode, encode } from '../../../../../lib/kernel/codec.ts';
import { doubles } from '../../../../../lib/structured/functions/sketches/kll/item-kind.ts';
import { kllBytes } from '../../../../../lib/structured/functions/sketches/kll/kll-bytes.ts';
import { KllSketch } from '../../../../../lib/structured/functions/sketches/kll/kll-sketch.ts';
import type { DataFrame } from '../../../../../lib/structured/data-frame.ts';
import type { InternalValue } from '../../../../../lib/structured/types/data-type.ts';
import { type BuildQuery, QueryBench, sorted } from '../../../operators/query-bench.ts';

/** What is told of the sketch `s` of a key. */
function described(sketches: DataFrame): DataFrame {
  return sketches.select(
    'k',
    F.kllSketchGetNBigint('s').alias('n'),
    F.kllSketchGetQuantileBigint('s', F.array(F.lit(0), F.lit(0.5), F.lit(1))).alias('q'),
    F.kllSketchGetRankBigint('s', 4).alias('r'),
  );
}

const ofItems: BuildQuery = ({ events }) => described(events.groupBy('k').agg(F.kllSketchAggBigint('v').alias('s')));

const ofSketches: BuildQuery = ({ events }) => {
  const each = events.withColumn('one', F.expr('kll_sketch_merge_bigint(s, s)'));
  return described(each.groupBy('k').agg(F.kllMergeAggBigint('one').alias('s')));
};

/** The sketch of one item. */
function single(item: number): Uint8Array {
  return Uint8Array.of(2, 2, 15, 4, 200, 0, 8, 0, item, 0, 0, 0, 0, 0, 0, 0);
}

describe.each([true, false])('sketches of streams, generated: %s', (mayGenerate) => {
  it('go on over batches and a restart', () => {
    const bench = new QueryBench({
      streams: { events: 'k STRING, v INT' },
      query: ofItems,
      mode: 'update',
      mayGenerate,
    });
    const batch = (...events: (readonly [string, number | null])[]): readonly string[] =>
      sorted(bench.batch({ events }).output);
    expect(batch(['a', 1], ['a', 9], ['b', 4])).toEqual(
      sorted([
        { k: 'a', n: 2, q: [1, 1, 9], r: 0.5 },
        { k: 'b', n: 1, q: [4, 4, 4], r: 1 },
      ]),
    );
    expect(batch(['a', 3], ['a', null])).toEqual(sorted([{ k: 'a', n: 3, q: [1, 3, 9], r: 2 / 3 }]));
    bench.restart();
    expect(batch(['a', 0], ['c', 7])).toEqual(
      sorted([
        { k: 'a', n: 4, q: [0, 1, 9], r: 0.75 },
        { k: 'c', n: 1, q: [7, 7, 7], r: 0 },
      ]),
    );
    bench.close();
  });

  it('are merged over batches and a restart', () => {
    const streams = { events: 'k STRING, s BINARY' };
    const bench = new QueryBench({ streams, query: ofSketches, mode: 'update', mayGenerate });
    const batch = (...events: (readonly [string, Uint8Array | null])[]): readonly string[] =>
      sorted(bench.batch({ events }).output);
    expect(batch(['a', single(2)], ['a', null])).toEqual(sorted([{ k: 'a', n: 2, q: [2, 2, 2], r: 1 }]));
    bench.restart();
    expect(batch(['a', single(9)])).toEqual(sorted([{ k: 'a', n: 4, q: [2, 2, 9], r: 0.5 }]));
    bench.close();
  });
});

it('a sketch in state is what it was', () => {
  const sketch = KllSketch.of(doubles, 8);
  for (let i = 0; i < 500; i++) sketch.update(i % 2 === 0 ? i / 3 : -i * 1e300);
  const stored = decode(encode(sketch.toValue())) as InternalValue;
  expect(kllBytes(KllSketch.fromValue(doubles, stored))).toEqual(kllBytes(sketch));
});
