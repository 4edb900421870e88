import { describe, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type DStream, StateSpec } from '../../lib/index.ts';
import { marbleOf, testOperation } from '../../lib/testing/index.ts';

type Pair = readonly [string, number];
type Pairs = DStream<Pair>;
/** Batches as they were; `null` has no RDD. */
type History = readonly (readonly Pair[] | null)[];
/** What an operation gives at each batch, computed from the whole history each time; undefined where it gives nothing. */
type Naive = (history: History, at: number) => readonly unknown[] | undefined;

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;

const windowOf = (history: History, at: number, length: number): readonly Pair[] =>
  history.slice(Math.max(0, at - length + 1), at + 1).flatMap((batch) => batch ?? []);

const sums = (pairs: readonly Pair[]): [string, number][] => {
  const totals = new Map<string, number>();
  for (const [key, value] of pairs) totals.set(key, (totals.get(key) ?? 0) + value);
  return [...totals];
};

const totalOf = (pairs: readonly Pair[]): number[] =>
  pairs.length === 0 ? [] : [pairs.reduce((sum, [, value]) => sum + value, 0)];

const every =
  (slide: number, give: (history: History, at: number) => readonly unknown[]): Naive =>
  (history, at) =>
    (at + 1) % slide === 0 ? give(history, at) : undefined;

const states = (history: History, at: number): [string, number][] => {
  const totals = new Map<string, number>();
  for (const batch of history.slice(0, at + 1)) {
    for (const [key, value] of batch ?? []) totals.set(key, (totals.get(key) ?? 0) + value);
  }
  return [...totals];
};

/** A record with this value ends the state of its key. */
const leaves = 9;

/** States that a value of 9 removes, and two batches without a record. */
const sessions = (history: History, at: number): [string, number][] => {
  const totals = new Map<string, { total: number; touchedAt: number }>();
  for (const [index, batch] of history.slice(0, at + 1).entries()) {
    for (const [key, value] of batch ?? []) {
      if (value === leaves) totals.delete(key);
      else totals.set(key, { total: (totals.get(key)?.total ?? 0) + value, touchedAt: index });
    }
    for (const [key, { touchedAt }] of totals) if (touchedAt < index - 2) totals.delete(key);
  }
  return Array.from(totals, ([key, { total }]) => [key, total]);
};

const began = (history: History, at: number): boolean => history.slice(0, at + 1).some((batch) => batch !== null);

const cases: readonly (readonly [string, (s: Pairs) => DStream<unknown>, Naive])[] = [
  [
    'updateStateByKey',
    (s) => s.updateStateByKey<string, number, number>((values, state) => values.reduce(add, state ?? 0)),
    (history, at) => (began(history, at) ? states(history, at) : undefined),
  ],
  [
    'mapWithState',
    (s) =>
      s
        .mapWithState(
          StateSpec.function<string, number, number, string>((key, value, state) => {
            state.update((state.getOption() ?? 0) + (value ?? 0));
            return key;
          }),
        )
        .stateSnapshots(),
    states,
  ],
  [
    'mapWithState with a timeout and removals',
    (s) =>
      s
        .mapWithState(
          StateSpec.function<string, number, number, string>((key, value, state) => {
            if (state.isTimingOut()) return key;
            if (value === leaves) state.remove();
            else state.update((state.getOption() ?? 0) + (value ?? 0));
            return key;
          }).timeout(2000),
        )
        .stateSnapshots(),
    sessions,
  ],
  ['window', (s) => s.window(3000, 2000), every(2, (history, at) => windowOf(history, at, 3))],
  [
    'reduceByKeyAndWindow',
    (s) => s.reduceByKeyAndWindow(add, 4000, 2000),
    every(2, (history, at) => sums(windowOf(history, at, 4))),
  ],
  [
    'reduceByKeyAndWindow with inverse',
    (s) => s.reduceByKeyAndWindow(add, subtract, 3000, 1000, { filter: ([, n]) => n !== 0 }),
    // Values are above 0: a sum of 0 is a key that has left.
    (history, at) => sums(windowOf(history, at, 3)),
  ],
  [
    'reduceByKeyAndWindow with inverse, sliding by two',
    (s) => s.reduceByKeyAndWindow(add, subtract, 4000, 2000, { filter: ([, n]) => n !== 0 }),
    every(2, (history, at) => sums(windowOf(history, at, 4))),
  ],
  [
    'countByWindow',
    (s) => s.countByWindow(3000, 1000),
    (history, at) => (windowOf(history, at, at + 1).length === 0 ? [] : [windowOf(history, at, 3).length]),
  ],
  [
    'countByValueAndWindow',
    (s) => s.map(([key]) => key).countByValueAndWindow(2000, 1000),
    (history, at) => sums(windowOf(history, at, 2).map(([key]): Pair => [key, 1])),
  ],
  [
    'reduceByWindow',
    (s) => s.map(([, n]) => n).reduceByWindow(add, 3000, 1000),
    (history, at) => totalOf(windowOf(history, at, 3)),
  ],
  [
    'reduceByWindow with inverse',
    (s) => s.map(([, n]) => n).reduceByWindow(add, subtract, 4000, 2000),
    every(2, (history, at) =>
      windowOf(history, at, at + 1).length === 0
        ? []
        : [windowOf(history, at, 4).reduce((sum, [, value]) => sum + value, 0)],
    ),
  ],
  [
    'reduceByKeyAndWindow with inverse and without a filter',
    (s) => s.reduceByKeyAndWindow(add, subtract, 2000, 1000, 3),
    (history, at) =>
      sums([...windowOf(history, at, at + 1).map(([key]): Pair => [key, 0]), ...windowOf(history, at, 2)]),
  ],
  [
    'groupByKeyAndWindow',
    (s) => s.groupByKeyAndWindow(3000, 2000).mapValues((values) => values.reduce(add, 0)),
    every(2, (history, at) => sums(windowOf(history, at, 3))),
  ],
  [
    'updateStateByKey with touchedOnly',
    (s) =>
      s.updateStateByKey<string, number, number>((values, state) => values.reduce(add, state ?? 0), {
        touchedOnly: true,
      }),
    (history, at) => {
      if (!began(history, at)) return undefined;
      const touched = new Set((history[at] ?? []).map(([key]) => key));
      return states(history, at).filter(([key]) => touched.has(key));
    },
  ],
  [
    'updateStateByKeyPartition with initial state',
    (s) =>
      s.updateStateByKeyPartition<string, number, number>(
        (updates) => [...updates].map(([key, values, state]) => [key, values.reduce(add, state ?? 0)]),
        { initialState: [['a', 50]] },
      ),
    (history, at) => (began(history, at) ? states([[['a', 50]], ...history], at + 1) : undefined),
  ],
  [
    'updateStateByKeyWithTime',
    (s) =>
      s.updateStateByKeyWithTime<string, number, number>((time, _, values, state) =>
        values.length === 0 ? state : time,
      ),
    (history, at) =>
      began(history, at)
        ? [
            ...new Map(
              history
                .slice(0, at + 1)
                .flatMap((batch, i) => (batch ?? []).map(([key]) => [key, (i + 1) * 1000] as const)),
            ),
          ]
        : undefined,
  ],
  [
    'mapWithState with a timeout',
    (s) =>
      s
        .mapWithState(
          StateSpec.function<string, number, number, string>((key, value, state) => {
            if (!state.isTimingOut()) state.update((state.getOption() ?? 0) + (value ?? 0));
            return key;
          }).timeout(2000),
        )
        .stateSnapshots(),
    (history, at) => {
      const totals = new Map<string, { value: number; touched: number }>();
      for (const [i, batch] of history.slice(0, at + 1).entries()) {
        for (const [key, value] of batch ?? [])
          totals.set(key, { value: (totals.get(key)?.value ?? 0) + value, touched: i });
        for (const [key, { touched }] of totals) if (touched < i - 2) totals.delete(key);
      }
      return Array.from(totals, ([key, { value }]) => [key, value]);
    },
  ],
  [
    'a window of a state',
    (s) =>
      s.updateStateByKey<string, number, number>((values, state) => values.reduce(add, state ?? 0)).window(2000, 2000),
    every(2, (history, at) => [...states(history, at - 1), ...states(history, at)]),
  ],
];

const pair = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 9 }));
const history = fc.array(fc.oneof({ weight: 5, arbitrary: fc.array(pair, { maxLength: 6 }) }, fc.constant(null)), {
  minLength: 1,
  maxLength: 9,
});

/** A few everyday, always the same ones; many when asked for, always others. */
const isLong = process.env['MILLRACE_SLOW'] !== undefined;

describe.each(cases)('%s', (_, stream, naive) => {
  it('equals recomputation from scratch, wherever the process dies', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.nat(8), { maxLength: 3 }), async (batches, deaths) => {
        const input = batches.map((batch, i) => `${marbles(batch)}${deaths.includes(i) ? ' !' : ''}`).join('|');
        const output = batches.map((_batch, at) => marbles(naive(batches, at) ?? null)).join('|');
        await testOperation({ input, stream, output });
      }),
      isLong ? { numRuns: 2000 } : { numRuns: 25, seed: 20_260 },
    );
  }, 3_600_000);
});

function marbles(batch: readonly unknown[] | null): string {
  return batch === null ? '~' : batch.map((element) => marbleOf(element)).join(' ');
}
