import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as F from '../../../lib/functions.ts';
import type { InternalRow } from '../../../lib/structured/types/data-type.ts';
import { at, type BuildQuery, QueryBench, sorted } from './query-bench.ts';

/** Random rows in random batches, with restarts between them, against what follows from all rows so far by plain recomputation. */
const ddl = 'k STRING, v INT, ts TIMESTAMP';
type Event = readonly [k: string | null, v: number | null, seconds: number];

const event = fc.tuple(
  fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 6 }),
  fc.option(fc.integer({ min: -5, max: 5 }), { freq: 6 }),
  fc.integer({ min: 0, max: 90 }),
);
const batches = fc.array(fc.record({ rows: fc.array(event, { maxLength: 8 }), restart: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
});
const runs = { numRuns: 15 };

function rowOf([k, v, seconds]: Event): InternalRow {
  return [k, v, at(seconds)];
}

/** Feeds the batches one by one; `check` sees the batch's rows and output, and the watermark that held during it, in seconds. */
function feed(
  query: BuildQuery,
  mode: 'append' | 'update' | 'complete',
  mayGenerate: boolean,
  input: readonly { readonly rows: readonly Event[]; readonly restart: boolean }[],
  check: (rows: readonly Event[], output: readonly unknown[], watermark: number) => void,
): void {
  const bench = new QueryBench({ streams: { events: ddl }, query, mode, mayGenerate });
  for (const { rows, restart } of input) {
    if (restart) bench.restart();
    const watermark = bench.watermarkMs / 1000;
    check(rows, bench.batch({ events: rows.map(rowOf) }).output, watermark);
  }
  bench.close();
}

describe.each([true, false])('generated: %s', (mayGenerate) => {
  it('counts by key in update mode as a recount of the touched keys does', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const seen: Event[] = [];
        feed(
          ({ events }) =>
            events.groupBy('k').agg(F.count('*').alias('n'), F.sum('v').alias('s'), F.max('v').alias('m')),
          'update',
          mayGenerate,
          input,
          (rows, output) => {
            seen.push(...rows);
            const touched = new Set(rows.map(([k]) => k));
            expect(sorted(output)).toEqual(sorted([...touched].map((k) => summary(k, seen))));
          },
        );
      }),
      runs,
    );
  });

  it('gives each window once in append mode, with the rows that came before it was closed', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const open = new Map<string, { readonly start: number; readonly k: string | null; n: number }>();
        feed(
          ({ events }) =>
            events
              .withWatermark('ts', '10 seconds')
              .groupBy(F.window('ts', '10 seconds'), 'k')
              .count()
              .select('window.start', 'k', 'count'),
          'append',
          mayGenerate,
          input,
          (rows, output, watermark) => {
            for (const [k, , seconds] of rows) {
              const start = Math.floor(seconds / 10) * 10;
              if (start + 10 <= watermark) continue;
              const name = `${start} ${k}`;
              const group = open.get(name) ?? { start, k, n: 0 };
              group.n += 1;
              open.set(name, group);
            }
            const closed = [...open].filter(([, { start }]) => start + 10 <= watermark);
            for (const [name] of closed) open.delete(name);
            expect(sorted(output)).toEqual(
              sorted(closed.map(([, { start, k, n }]) => ({ start: start * 1000, k, count: n }))),
            );
          },
        );
      }),
      runs,
    );
  });

  it('keeps the whole table of sliding windows in complete mode', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const seen: Event[] = [];
        feed(
          ({ events }) =>
            events
              .withWatermark('ts', '10 seconds')
              .groupBy(F.window('ts', '10 seconds', '4 seconds'))
              .count()
              .select('window.start', 'count'),
          'complete',
          mayGenerate,
          input,
          (rows, output) => {
            seen.push(...rows);
            const counts = new Map<number, number>();
            for (const [, , seconds] of seen) {
              for (let start = Math.floor(seconds / 4) * 4; start > seconds - 10; start -= 4) {
                counts.set(start, (counts.get(start) ?? 0) + 1);
              }
            }
            expect(sorted(output)).toEqual(
              sorted([...counts].map(([start, count]) => ({ start: start * 1000, count }))),
            );
          },
        );
      }),
      runs,
    );
  });

  it('merges sessions as merging all rows of a key at once does', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const seen: Event[] = [];
        feed(
          ({ events }) =>
            events
              .groupBy(F.sessionWindow('ts', '5 seconds').alias('w'), 'k')
              .agg(F.count('*').alias('n'), F.sum('v').alias('s'))
              .select('w.start', 'w.end', 'k', 'n', 's'),
          'complete',
          mayGenerate,
          input,
          (rows, output) => {
            seen.push(...rows);
            expect(sorted(output)).toEqual(sorted(sessionsOf(seen)));
          },
        );
      }),
      runs,
    );
  });

  it('gives a session when the watermark has reached its end, and drops rows that are late by their own session', () => {
    fc.assert(
      fc.property(batches, (input) => {
        let open: Event[] = [];
        feed(
          ({ events }) =>
            events
              .withWatermark('ts', '10 seconds')
              .groupBy(F.sessionWindow('ts', '5 seconds').alias('w'), 'k')
              .agg(F.count('*').alias('n'), F.sum('v').alias('s'))
              .select('w.start', 'w.end', 'k', 'n', 's'),
          'append',
          mayGenerate,
          input,
          (rows, output, watermark) => {
            open.push(...rows.filter(([, , seconds]) => seconds + 5 > watermark));
            const all = sessionsOf(open);
            const closed = all.filter(({ end }) => end <= watermark * 1000);
            expect(sorted(output)).toEqual(sorted(closed));
            open = open.filter(
              ([k, , seconds]) =>
                !closed.some(
                  (session) => session.k === k && session.start <= seconds * 1000 && seconds * 1000 < session.end,
                ),
            );
          },
        );
      }),
      runs,
    );
  });

  it('gives the first row of each key', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const seen = new Set<string | null>();
        feed(
          ({ events }) => events.dropDuplicates(['k']).select('k', 'v'),
          'append',
          mayGenerate,
          input,
          (rows, output) => {
            const firsts: unknown[] = [];
            for (const [k, v] of rows) {
              if (seen.has(k)) continue;
              seen.add(k);
              firsts.push({ k, v });
            }
            expect(output).toEqual(firsts);
          },
        );
      }),
      runs,
    );
  });

  it('forgets a key within the watermark when the delay after its first row is over', () => {
    fc.assert(
      fc.property(batches, (input) => {
        const until = new Map<string | null, number>();
        feed(
          ({ events }) =>
            events.withWatermark('ts', '10 seconds').dropDuplicatesWithinWatermark(['k']).select('k', 'v'),
          'append',
          mayGenerate,
          input,
          (rows, output, watermark) => {
            const firsts: unknown[] = [];
            for (const [k, v, seconds] of rows) {
              if (seconds <= watermark || until.has(k)) continue;
              until.set(k, seconds + 10);
              firsts.push({ k, v });
            }
            for (const [k, end] of until) if (end <= watermark) until.delete(k);
            expect(output).toEqual(firsts);
          },
        );
      }),
      runs,
    );
  });
});

function summary(k: string | null, seen: readonly Event[]): unknown {
  const rows = seen.filter(([key]) => key === k);
  const values = rows.map(([, v]) => v).filter((v) => v !== null);
  return {
    k,
    n: rows.length,
    s: values.length === 0 ? null : values.reduce((a, b) => a + b, 0),
    m: values.length === 0 ? null : Math.max(...values),
  };
}

interface SessionRow {
  start: number;
  end: number;
  readonly k: string | null;
  n: number;
  s: number | null;
}

function sessionsOf(rows: readonly Event[]): readonly SessionRow[] {
  const sessions: SessionRow[] = [];
  for (const [k, v, seconds] of rows.toSorted((a, b) => a[2] - b[2])) {
    const start = seconds * 1000;
    const touching = sessions.find((session) => session.k === k && start <= session.end);
    if (touching === undefined) {
      sessions.push({ start, end: start + 5000, k, n: 1, s: v });
    } else {
      touching.end = start + 5000;
      touching.n += 1;
      if (v !== null) touching.s = (touching.s ?? 0) + v;
    }
  }
  return sessions;
}
