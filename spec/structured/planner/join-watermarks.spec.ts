import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { at, QueryBench } from '../operators/query-bench.ts';

const { expr } = F;
const streams = { left: 'lk INT, lid INT, lt TIMESTAMP', right: 'rk INT, rid INT, rt TIMESTAMP' };

/** How many rows of each side are left when both sides had one row a second up to 99 s, and the watermark is at 89 s. */
function rowsLeft(condition: string): readonly [left: number, right: number] {
  const counts = [0, 1].map((side) => {
    const bench = new QueryBench({
      streams,
      query: ({ left, right }) =>
        left
          .withWatermark('lt', '10 seconds')
          .join(right.withWatermark('rt', '10 seconds'), expr(`lk = rk AND ${condition}`)),
    });
    for (let second = 1; second < 100; second++) {
      // Other keys: nothing matches. One side moves the watermark with a single row at the end.
      const row = [side, second, at(second)];
      const last = second === 99 ? [[9, 0, at(99)]] : [];
      bench.step(side === 0 ? { left: [row], right: last } : { right: [row], left: last });
    }
    bench.step();
    const [metrics] = bench.batch().state;
    bench.close();
    return (metrics?.rowsTotal ?? 0) - 1;
  });
  return [counts[0] ?? 0, counts[1] ?? 0];
}

describe('how long rows of a join are kept', () => {
  it.each([
    ['both bounds inclusive', 'rt >= lt AND rt <= lt + INTERVAL 5 SECONDS', [16, 11]],
    ['both bounds exclusive', 'rt > lt AND rt < lt + INTERVAL 5 SECONDS', [15, 10]],
    ['the interval on the other side', 'rt >= lt AND rt - INTERVAL 5 SECONDS <= lt', [16, 11]],
    ['written the other way round', 'lt <= rt AND lt + INTERVAL 5 SECONDS >= rt', [16, 11]],
    ['BETWEEN', 'rt BETWEEN lt AND lt + INTERVAL 5 SECONDS', [16, 11]],
    [
      'intervals on both sides',
      'rt + INTERVAL 2 SECONDS >= lt + INTERVAL 2 SECONDS AND rt <= lt + INTERVAL 5 SECONDS',
      [16, 11],
    ],
    ['a difference of the times', 'rt >= lt AND rt - lt <= INTERVAL 5 SECONDS', [16, 11]],
    ['equal times', 'lt = rt', [10, 10]],
    ['a bound for the left side only', 'rt <= lt + INTERVAL 5 SECONDS', [16, 99]],
    [
      'two bounds: the wider holds',
      'rt <= lt + INTERVAL 5 SECONDS AND rt <= lt + INTERVAL 8 SECONDS AND rt >= lt',
      [19, 11],
    ],
    ['no bound', 'lid <> rid', [99, 99]],
    ['no linear condition', 'hour(rt) <= hour(lt)', [99, 99]],
  ])('%s', (_, condition, expected) => {
    expect(rowsLeft(condition)).toEqual(expected);
  });
});

it('rows that an outer join gives late are not late behind it', () => {
  const bench = new QueryBench({
    streams,
    query: ({ left, right }) =>
      left
        .withWatermark('lt', '10 seconds')
        .join(
          right.withWatermark('rt', '10 seconds'),
          expr('lk = rk AND rt >= lt AND rt <= lt + INTERVAL 30 SECONDS'),
          'left_outer',
        )
        .groupBy(F.window('lt', '5 seconds'))
        .agg(F.count('*').alias('n'), F.count('rid').alias('matched'))
        .select('window.start', 'n', 'matched'),
  });
  const output: (readonly [unknown, unknown, unknown])[] = [];
  for (let second = 1; second <= 120; second++) {
    const right = second % 2 === 0 ? [[second, second, at(second)]] : [];
    const rows = bench.step({ left: [[second, second, at(second)]], right });
    output.push(...rows.map((row) => [row['start'], row['n'], row['matched']] as const));
  }
  // Every second one has a partner; the others come out when none can come any more, and are counted all the same.
  expect(output.slice(1, 5)).toEqual([
    [5000, 5, 2],
    [10_000, 5, 3],
    [15_000, 5, 2],
    [20_000, 5, 3],
  ]);
  expect(bench.batch().state.map((metrics) => metrics.rowsDroppedByWatermark)).toEqual([0, 0]);
  bench.close();
});

it('names the operator that fails when a batch ends', () => {
  const bench = new QueryBench({
    streams: { events: 'k STRING, l BIGINT' },
    mode: 'update',
    query: ({ events }) => events.groupBy('k').agg(F.sum('l').alias('s')),
  });
  bench.batch({ events: [['a', 9223372036854775807n]] });
  let error: unknown;
  try {
    bench.batch({ events: [['a', 1]] });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(MillraceError);
  expect(error).toMatchObject({ code: 'ARITHMETIC_OVERFLOW', where: { operator: 'aggregate' } });
});
