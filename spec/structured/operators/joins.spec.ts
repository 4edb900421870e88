import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { col, expr, upper } from '../../../lib/functions.ts';
import type { InternalRow } from '../../../lib/structured/types/data-type.ts';
import { parseSchema } from '../../../lib/structured/types/ddl.ts';
import { at, QueryBench, sorted } from './query-bench.ts';

type Side = readonly [k: number | null, seconds: number];

const side = fc.tuple(fc.option(fc.integer({ min: 0, max: 2 }), { freq: 8 }), fc.integer({ min: 0, max: 60 }));
const input = fc.array(
  fc.record({
    left: fc.array(side, { maxLength: 5 }),
    right: fc.array(side, { maxLength: 5 }),
    restart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const streams = { left: 'lk INT, lid INT, lt TIMESTAMP', right: 'rk INT, rid INT, rt TIMESTAMP' };
const range = 'lk = rk AND rt >= lt AND rt <= lt + INTERVAL 5 SECONDS';

interface Row {
  readonly id: number;
  readonly k: number | null;
  readonly seconds: number;
}

function matches(l: Row, r: Row): boolean {
  return l.k !== null && l.k === r.k && r.seconds >= l.seconds && r.seconds <= l.seconds + 5;
}

function rowOf({ k, id, seconds }: Row): InternalRow {
  return [k, id, at(seconds)];
}

function label(row: unknown): string {
  const { lid, rid } = row as { lid?: number | null; rid?: number | null };
  return `${lid ?? '-'} ${rid ?? '-'}`;
}

describe('a join of two streams within a time range', () => {
  it.each([
    ['inner', true],
    ['left_outer', true],
    ['right_outer', true],
    ['full_outer', true],
    ['left_semi', true],
    ['full_outer', false],
  ] as const)('%s gives what a join of all rows gives that were not late (generated: %s)', (how, mayGenerate) => {
    fc.assert(
      fc.property(input, (batches) => {
        const bench = new QueryBench({
          streams,
          mayGenerate,
          query: ({ left, right }) =>
            left.withWatermark('lt', '10 seconds').join(right.withWatermark('rt', '10 seconds'), expr(range), how),
        });
        const lefts: Row[] = [];
        const rights: Row[] = [];
        const output: string[] = [];
        let id = 0;
        const run = (left: readonly Side[], right: readonly Side[]): void => {
          const watermark = bench.watermarkMs / 1000;
          const named = (rows: readonly Side[]): readonly Row[] =>
            rows.map(([k, seconds]) => ({ id: id++, k, seconds }));
          const [ls, rs] = [named(left), named(right)];
          lefts.push(...ls.filter(({ seconds }) => seconds > watermark));
          rights.push(...rs.filter(({ seconds }) => seconds > watermark));
          output.push(...bench.step({ left: ls.map(rowOf), right: rs.map(rowOf) }).map(label));
          const all = lefts.flatMap((l) => rights.filter((r) => matches(l, r)).map((r) => `${l.id} ${r.id}`));
          // Pairs come out in the batch that completes them.
          const pairs = output.filter((text) => !text.includes('-'));
          expect(sorted(pairs)).toEqual(how === 'left_semi' ? [] : sorted(all));
        };
        for (const { left, right, restart } of batches) {
          if (restart) bench.restart();
          run(left, right);
        }
        run([[9, 1000]], [[8, 1000]]);
        run([[9, 1001]], [[8, 1001]]);
        bench.close();
        const isAlone = (l: Row): boolean => l.seconds < 900 && !rights.some((r) => matches(l, r));
        const isAloneRight = (r: Row): boolean => r.seconds < 900 && !lefts.some((l) => matches(l, r));
        const padded = [
          ...(how === 'left_outer' || how === 'full_outer' ? lefts.filter(isAlone).map((l) => `${l.id} -`) : []),
          ...(how === 'right_outer' || how === 'full_outer' ? rights.filter(isAloneRight).map((r) => `- ${r.id}`) : []),
        ];
        const semi = lefts.filter((l) => rights.some((r) => matches(l, r))).map((l) => `${l.id} -`);
        const alone = output.filter((text) => text.includes('-'));
        expect(sorted(alone)).toEqual(sorted(how === 'left_semi' ? semi : padded));
      }),
      { numRuns: 20 },
    );
  });

  it('forgets rows on both sides when the watermark has passed what they can match', () => {
    const bench = new QueryBench({
      streams,
      query: ({ left, right }) =>
        left.withWatermark('lt', '10 seconds').join(right.withWatermark('rt', '10 seconds'), expr(range)),
    });
    for (let second = 0; second < 100; second++) {
      bench.step({ left: [[1, second, at(second)]], right: [[1, second, at(second)]] });
    }
    const [metrics] = bench.batch().state;
    // The watermark is at 89 s: left rows from 84 s on, right rows from 89 s on (both bounds have a millisecond of slack).
    expect(metrics?.rowsTotal).toBe(16 + 11);
    bench.close();
  });

  it('never evicts a row when no condition bounds the other side', () => {
    const bench = new QueryBench({
      streams,
      query: ({ left, right }) => left.join(right, col('lk').equalTo(col('rk'))),
    });
    bench.batch({ left: [[1, 1, at(0)]] });
    expect(bench.batch({ right: [[1, 2, at(5000)]] }).output.map(label)).toEqual(['1 2']);
    expect(bench.wantsBatch).toBe(false);
    bench.close();
  });

  it('keeps hot keys in short lists, all of which are found', () => {
    const bench = new QueryBench({
      streams,
      query: ({ left, right }) => left.join(right, col('lk').equalTo(col('rk'))),
    });
    for (let i = 0; i < 5; i++) {
      bench.batch({ left: Array.from({ length: 13 }, (_, j) => [1, 13 * i + j, at(0)]) });
      bench.restart();
    }
    const { output } = bench.batch({ right: [[1, 1, at(0)]] });
    expect(output.map((row) => row['lid'])).toEqual(Array.from({ length: 65 }, (_, i) => i));
    bench.close();
  });
});

describe('a join of a stream with static rows', () => {
  const dim: readonly InternalRow[] = [
    [1, 'one'],
    [2, 'two'],
    [2, 'deux'],
    [null, 'none'],
  ];
  const rows: readonly InternalRow[] = [
    [1, 10, at(0)],
    [2, 20, at(0)],
    [3, 30, at(0)],
    [null, 40, at(0)],
  ];

  it.each([
    ['inner', ['10 one', '20 deux', '20 two']],
    ['left', ['10 one', '20 deux', '20 two', '30 null', '40 null']],
    ['left_semi', ['10', '20']],
    ['left_anti', ['30', '40']],
  ] as const)('%s finds the static rows by key', (how, expected) => {
    for (const mayGenerate of [true, false]) {
      const bench = new QueryBench({
        streams,
        mayGenerate,
        query: ({ left }, spark) => {
          const names = spark.createDataFrame(dim, 'id INT, name STRING');
          return left.join(names, left.col('lk').equalTo(names.col('id')), how);
        },
      });
      const give = (): readonly string[] =>
        bench
          .batch({ left: rows })
          .output.map((row) => ('name' in row ? [row['lid'], row['name']].map(String).join(' ') : String(row['lid'])))
          .toSorted();
      expect(give()).toEqual(expected);
      // The static side is read again for each batch, and does not pile up.
      expect(give()).toEqual(expected);
      bench.close();
    }
  });

  it.each([
    ['inner', ['10 1', '20 1', '20 2']],
    ['left', ['10 1', '20 1', '20 2', '30 null']],
    ['left_semi', ['10', '20']],
    ['left_anti', ['30']],
  ] as const)('%s with a condition that is no equality', (how, expected) => {
    for (const mayGenerate of [true, false]) {
      const bench = new QueryBench({
        streams,
        mayGenerate,
        query: ({ left }, spark) =>
          left.join(spark.createDataFrame([[1], [2]], 'id INT'), expr('lk >= id AND lk < 3'), how),
      });
      const found = bench
        .batch({ left: rows.slice(0, 3) })
        .output.map((row) => ('id' in row ? [row['lid'], row['id']].map(String).join(' ') : String(row['lid'])))
        .toSorted();
      expect(found).toEqual(expected);
      bench.close();
    }
  });
});

it('rows of a static side never pile up, and those that may change are computed for each batch', () => {
  for (const [filter, expected] of [
    ['id > 0', 1],
    ['current_timestamp() IS NOT NULL', 3],
  ] as const) {
    const bench = new QueryBench({
      streams,
      query: ({ left }, spark) => {
        let loads = 0;
        spark.udf.register('seen', () => (loads += 1), 'int');
        const names = spark.createDataFrame([[1, 'one']], 'id INT, name STRING').where(filter);
        return left.join(
          expected === 1 ? names : names.select('id', expr('seen() AS name')),
          col('lk').equalTo(col('id')),
        );
      },
    });
    const rows = { left: [[1, 10, at(0)]] };
    const given = [bench.batch(rows), bench.batch(rows), bench.batch(rows)].map(({ output }) =>
      output.map((row) => row['name']),
    );
    expect(given).toEqual(expected === 1 ? [['one'], ['one'], ['one']] : [[1], [2], [3]]);
    bench.close();
  }
});

it('computes the static side once, and for each batch where a value depends on its time', () => {
  const bench = new QueryBench({
    streams,
    query: ({ left }, spark) => {
      const names = spark.state.frame({
        kind: 'read',
        isStreaming: false,
        format: 'names',
        options: {},
        schema: parseSchema('id INT, name STRING'),
      });
      const times = names.select(col('id').alias('tid'), expr('CAST(name AS TIMESTAMP) AS since'));
      return left
        .join(names.select('id', upper('name').alias('name')), col('lk').equalTo(col('id')))
        .join(times, col('lk').equalTo(col('tid')));
    },
  });
  const [first, second] = [0, 1].map((day) => {
    bench.nowMs = day * 86_400_000;
    // As the query does: the same rows for each batch.
    return bench.batch({ left: [[1, 10, at(0)]], names: [[1, '12:30']] }).output;
  });
  const half = 12.5 * 3_600_000;
  expect(first).toMatchObject([{ name: '12:30', since: half }]);
  expect(second).toMatchObject([{ name: '12:30', since: half + 86_400_000 }]);
  // What is kept does not look at the rows again.
  const third = bench.batch({ left: [[1, 10, at(0)]], names: [[1, '13:00']] }).output;
  expect(third).toMatchObject([{ name: '12:30', since: 13 * 3_600_000 + 86_400_000 }]);
  bench.close();
});

describe('a join of static data', () => {
  const keys = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { freq: 5 }), { maxLength: 6 });

  it.each(['inner', 'left', 'right', 'full', 'left_semi', 'left_anti'] as const)(
    '%s is what nested loops give',
    async (how) => {
      await fc.assert(
        fc.asyncProperty(keys, keys, async (left, right) => {
          const { Session } = await import('../../../lib/structured/session.ts');
          const spark = new Session();
          const a = spark.createDataFrame(
            left.map((k, i) => [k, i]),
            'a INT, ai INT',
          );
          const b = spark.createDataFrame(
            right.map((k, i) => [k, i]),
            'b INT, bi INT',
          );
          const rows = await a.join(b, expr('a = b AND ai <> bi'), how).collect();
          const isPair = (i: number, j: number): boolean => left[i] !== null && left[i] === right[j] && i !== j;
          const expected: string[] = [];
          const rightMatched = new Set<number>();
          left.forEach((_, i) => {
            const found = right.flatMap((__, j) => (isPair(i, j) ? [j] : []));
            for (const j of found) rightMatched.add(j);
            if (how === 'left_semi' || how === 'left_anti') {
              if (found.length > 0 === (how === 'left_semi')) expected.push(`${i}`);
              return;
            }
            expected.push(...found.map((j) => `${i} ${j}`));
            if (found.length === 0 && (how === 'left' || how === 'full')) expected.push(`${i} null`);
          });
          if (how === 'right' || how === 'full') {
            right.forEach((_, j) => {
              if (!rightMatched.has(j)) expected.push(`null ${j}`);
            });
          }
          const given = rows.map((row) => {
            const { ai, bi } = row as { ai: number | null; bi?: number | null };
            return bi === undefined ? `${ai}` : `${ai} ${bi}`;
          });
          expect(given.toSorted()).toEqual(expected.toSorted());
        }),
        { numRuns: 15 },
      );
    },
  );

  it('cross gives every pair', async () => {
    const { Session } = await import('../../../lib/structured/session.ts');
    const spark = new Session();
    const a = spark.createDataFrame([[1], [2]], 'a INT');
    const b = spark.createDataFrame([[3], [4]], 'b INT');
    expect(await a.crossJoin(b).count()).toBe(4);
  });
});
