import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { GroupState } from '../../../lib/structured/operators/group-state.ts';
import type { StatefulProcessorHandle } from '../../../lib/structured/operators/processor/processor-handle.ts';
import { at, QueryBench, sorted } from './query-bench.ts';

/** Programs with state of their own, on random rows in random batches with restarts, against a model in plain JavaScript. */
const streams = { events: 'k STRING, v INT, ts TIMESTAMP' };
type Event = readonly [k: string, v: number, seconds: number];

const input = fc.array(
  fc.record({
    rows: fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 90 })),
      { maxLength: 5 },
    ),
    restart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);
const runs = { numRuns: 25 };

function feed(
  bench: QueryBench,
  batches: readonly { readonly rows: readonly Event[]; readonly restart: boolean }[],
  model: (rows: readonly Event[], watermark: number) => readonly unknown[],
): void {
  for (const { rows, restart } of batches) {
    if (restart) bench.restart();
    const watermark = bench.watermarkMs / 1000;
    const { output } = bench.batch({ events: rows.map(([k, v, seconds]) => [k, v, at(seconds)]) });
    const onTime = rows.filter(([, , seconds]) => seconds > watermark);
    expect(sorted(output)).toEqual(sorted(model(onTime, watermark)));
  }
  bench.close();
}

function* sumUntilSilent(
  { k }: { readonly k: string },
  rows: readonly { readonly v: number }[],
  state: GroupState,
): Generator {
  const before = state.exists ? (state.get()['s'] as number) : 0;
  if (state.hasTimedOut) {
    state.remove();
    yield { k, s: before, what: 'silent' };
    return;
  }
  const s = rows.reduce((sum, { v }) => sum + v, before);
  state.update({ s });
  state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + 10_000);
  yield { k, s, what: 'sum' };
}

function processor() {
  let handle: StatefulProcessorHandle;
  let counts: ReturnType<StatefulProcessorHandle['getMapState']>;
  let order: ReturnType<StatefulProcessorHandle['getListState']>;
  return {
    init(given: StatefulProcessorHandle) {
      handle = given;
      counts = handle.getMapState('counts', 'v INT', 'n INT');
      order = handle.getListState('order', 'v INT');
    },
    *handleInputRows({ k }: { k: string }, rows: Iterable<{ v: number; ts: Date }>) {
      for (const { v, ts } of rows) {
        counts.updateValue({ v }, { n: ((counts.getValue({ v })?.['n'] as number | undefined) ?? 0) + 1 });
        order.appendValue({ v });
        if (v === 0) counts.removeKey({ v: 1 });
        handle.registerTimer(ts.getTime() + 7000);
      }
      yield { k, text: text() };
    },
    *handleExpiredTimer({ k }: { k: string }, _: unknown, info: { getExpiryTimeInMs(): number }) {
      yield { k, text: `timer ${info.getExpiryTimeInMs() / 1000}` };
      if ([...order.get()].length > 3) {
        order.clear();
        counts.clear();
      }
    },
  };
  function text(): string {
    const entries = [...counts.iterator()].map(([key, value]) => `${String(key['v'])}:${String(value['n'])}`);
    return `${entries.join(' ')} | ${[...order.get()].map((row) => String(row['v'])).join(' ')}`;
  }
}

describe('flatMapGroupsWithState', () => {
  it('calls each key with its rows and its state, and those whose time is up without rows', () => {
    fc.assert(
      fc.property(input, (batches) => {
        const sums = new Map<string, { s: number; until: number }>();
        const bench = new QueryBench({
          streams,
          mode: 'update',
          query: ({ events }) =>
            events
              .withWatermark('ts', '5 seconds')
              .groupBy('k')
              .flatMapGroupsWithState(sumUntilSilent as never, {
                outputSchema: 'k STRING, s INT, what STRING',
                stateSchema: 's INT',
                outputMode: 'update',
                timeout: 'EventTimeTimeout',
              }),
        });
        feed(bench, batches, (rows, watermark) => {
          const given: unknown[] = [];
          const touched = new Set(rows.map(([k]) => k));
          for (const k of touched) {
            const own = rows.filter(([key]) => key === k);
            const s = (sums.get(k)?.s ?? 0) + own.reduce((sum, [, v]) => sum + v, 0);
            sums.set(k, { s, until: watermark + 10 });
            given.push({ k, s, what: 'sum' });
          }
          for (const [k, { s, until }] of sums) {
            if (touched.has(k) || until >= watermark) continue;
            sums.delete(k);
            given.push({ k, s, what: 'silent' });
          }
          return given;
        });
      }),
      runs,
    );
  });
});

describe('transformWithState', () => {
  it('keeps maps and lists in order, and fires each timer once', () => {
    fc.assert(
      fc.property(input, (batches) => {
        const kept = new Map<string, { counts: Map<number, number>; order: number[]; timers: Set<number> }>();
        const bench = new QueryBench({
          streams,
          mode: 'update',
          query: ({ events }) =>
            events.withWatermark('ts', '5 seconds').groupBy('k').transformWithState(processor(), {
              outputSchema: 'k STRING, text STRING',
              outputMode: 'update',
              timeMode: 'EventTime',
            }),
        });
        feed(bench, batches, (rows, watermark) => {
          const given: unknown[] = [];
          for (const k of new Set(rows.map(([key]) => key))) {
            const state = kept.get(k) ?? { counts: new Map<number, number>(), order: [], timers: new Set<number>() };
            kept.set(k, state);
            for (const [, v, seconds] of rows.filter(([key]) => key === k)) {
              state.counts.set(v, (state.counts.get(v) ?? 0) + 1);
              state.order.push(v);
              if (v === 0) state.counts.delete(1);
              state.timers.add(seconds + 7);
            }
            const entries = [...state.counts].map(([v, n]) => `${v}:${n}`);
            given.push({ k, text: `${entries.join(' ')} | ${state.order.join(' ')}` });
          }
          const due = [...kept].flatMap(([k, { timers }]) =>
            [...timers].filter((time) => time <= watermark).map((time) => ({ k, time })),
          );
          for (const { k, time } of due.toSorted((a, b) => a.time - b.time)) {
            const state = kept.get(k);
            state?.timers.delete(time);
            given.push({ k, text: `timer ${time}` });
            if (state !== undefined && state.order.length > 3) {
              state.order = [];
              state.counts.clear();
            }
          }
          return given;
        });
      }),
      runs,
    );
  });
});

it('limit gives the first rows of all batches together', () => {
  fc.assert(
    fc.property(input, fc.integer({ min: 0, max: 12 }), (batches, count) => {
      const bench = new QueryBench({ streams, query: ({ events }) => events.select('k', 'v').limit(count) });
      let seen = 0;
      for (const { rows, restart } of batches) {
        if (restart) bench.restart();
        const { output } = bench.batch({ events: rows.map(([k, v, seconds]) => [k, v, at(seconds)]) });
        expect(output).toEqual(rows.slice(0, Math.max(0, count - seen)).map(([k, v]) => ({ k, v })));
        seen += rows.length;
      }
      bench.close();
    }),
    runs,
  );
});
