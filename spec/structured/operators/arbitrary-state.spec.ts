import { describe, expect, it } from '@jest/globals';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import type { GroupState } from '../../../lib/structured/operators/group-state.ts';
import type { StatefulProcessorHandle } from '../../../lib/structured/operators/processor/processor-handle.ts';
import type { MapState } from '../../../lib/structured/operators/processor/map-state.ts';
import type { ListState } from '../../../lib/structured/operators/processor/list-state.ts';
import type { ValueState } from '../../../lib/structured/operators/processor/value-state.ts';
import { at, QueryBench } from './query-bench.ts';

const streams = { events: 'k STRING, v INT, ts TIMESTAMP' };
interface Key {
  readonly k: string;
}
interface Event {
  readonly k: string;
  readonly v: number;
}
type GroupFunction = (key: Key, rows: readonly Event[], state: GroupState) => Iterable<unknown>;

function groups(
  fn: GroupFunction,
  timeout: 'NoTimeout' | 'ProcessingTimeTimeout' | 'EventTimeTimeout',
  outputSchema = 'k STRING, n INT, what STRING',
): QueryBench {
  return new QueryBench({
    streams,
    mode: 'update',
    query: ({ events }) =>
      events
        .withWatermark('ts', '10 seconds')
        .groupBy('k')
        .flatMapGroupsWithState(fn as never, { outputSchema, stateSchema: 'n INT', outputMode: 'update', timeout }),
  });
}

function* count(key: Key, rows: readonly Event[], state: GroupState): Generator {
  const n = (state.exists ? (state.get()['n'] as number) : 0) + rows.length;
  if (state.hasTimedOut) {
    state.remove();
    yield { k: key.k, n, what: 'timeout' };
    return;
  }
  state.update({ n });
  yield { k: key.k, n, what: 'update' };
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof MillraceError ? `${error.code} ${error.message}` : String(error);
  }
}

describe('flatMapGroupsWithState', () => {
  it('keeps the state of each key over restarts', () => {
    const bench = groups(count, 'NoTimeout');
    bench.batch({
      events: [
        ['a', 1, at(0)],
        ['a', 1, at(0)],
        ['b', 1, at(0)],
      ],
    });
    bench.restart();
    expect(bench.batch({ events: [['a', 1, at(0)]] }).output).toEqual([{ k: 'a', n: 3, what: 'update' }]);
    bench.close();
  });

  it('times out by processing time when more than the duration has gone by, and only when something is due', () => {
    const bench = groups(function* (key, rows, state) {
      if (!state.hasTimedOut) state.setTimeoutDuration('5 seconds');
      yield* count(key, rows, state);
    }, 'ProcessingTimeTimeout');
    bench.batch({ events: [['a', 1, at(0)]] });
    expect(bench.wantsBatch).toBe(false);
    bench.nowMs = 5000;
    expect(bench.wantsBatch).toBe(false);
    bench.restart();
    expect(bench.batch().output).toEqual([]);
    bench.nowMs = 5001;
    expect(bench.wantsBatch).toBe(true);
    expect(bench.batch().output).toEqual([{ k: 'a', n: 1, what: 'timeout' }]);
    expect(bench.batch().state[0]?.rowsTotal).toBe(0);
    bench.close();
  });

  it('times out by event time when the watermark is past the timestamp, not at it', () => {
    const bench = groups(function* (key, rows, state) {
      if (state.hasTimedOut) {
        state.remove();
        yield { k: key.k, n: 0, what: 'timeout' };
      } else if (key.k === 'a') {
        state.update({ n: rows.length });
        state.setTimeoutTimestamp(20_000);
      }
    }, 'EventTimeTimeout');
    bench.batch({
      events: [
        ['a', 1, at(5)],
        ['x', 1, at(30)],
      ],
    });
    expect(bench.watermarkMs).toBe(20_000);
    expect(bench.batch({ events: [['x', 1, at(31)]] }).output).toEqual([]);
    expect(bench.batch().output).toEqual([{ k: 'a', n: 0, what: 'timeout' }]);
    bench.close();
  });

  it('forgets a timeout that is not set again', () => {
    let isFirst = true;
    const bench = groups(function* (key, rows, state) {
      if (isFirst) state.setTimeoutDuration(1000);
      isFirst = false;
      yield* count(key, rows, state);
    }, 'ProcessingTimeTimeout');
    bench.batch({ events: [['a', 1, at(0)]] });
    bench.batch({ events: [['a', 1, at(0)]] });
    bench.nowMs = 60_000;
    expect(bench.batch().output).toEqual([]);
    bench.close();
  });

  it.each([
    [
      'a duration without processing-time timeouts',
      'NoTimeout',
      (s: GroupState) => s.setTimeoutDuration(1),
      'STATE_TIMEOUT_INVALID',
    ],
    [
      'a timestamp without event-time timeouts',
      'NoTimeout',
      (s: GroupState) => s.setTimeoutTimestamp(1),
      'STATE_TIMEOUT_INVALID',
    ],
    [
      'a timestamp that the watermark has reached',
      'EventTimeTimeout',
      (s: GroupState) => s.setTimeoutTimestamp(-1),
      'STATE_TIMEOUT_INVALID',
    ],
    ['a state that is not there', 'NoTimeout', (s: GroupState) => s.get(), 'STATE_NOT_THERE'],
  ] as const)('refuses %s', (_, timeout, act, code) => {
    const bench = groups((__, ___, state) => {
      act(state);
      return [];
    }, timeout);
    expect(codeOf(() => bench.batch({ events: [['a', 1, at(1)]] }))).toContain(code);
  });

  it('names operator, batch and key when the function fails', () => {
    const bench = groups(() => {
      throw new TypeError('no such luck');
    }, 'NoTimeout');
    const text = codeOf(() => bench.batch({ events: [['a', 1, at(0)]] }));
    expect(text).toContain('QUERY_FUNCTION_FAILED');
    expect(text).toContain('flat-map-groups-with-state of batch 0 for the key {"k":"a"}: no such luck');
  });
});

interface Kept {
  readonly value: ValueState;
  readonly list: ListState;
  readonly map: MapState;
  readonly handle: StatefulProcessorHandle;
}

/** A processor whose methods are given as functions of its state. */
function processor(
  methods: {
    readonly rows?: (kept: Kept, key: Key, rows: Iterable<Event>) => Iterable<unknown> | undefined;
    readonly timer?: (kept: Kept, key: Key, timeMs: number) => Iterable<unknown> | undefined;
    readonly initial?: (kept: Kept, key: Key, row: Record<string, unknown>) => void;
  },
  ttl?: string,
) {
  let kept: Kept;
  return {
    isClosed: 0,
    init(handle: StatefulProcessorHandle) {
      kept = {
        handle,
        value: handle.getValueState('value', 'n INT', ttl),
        list: handle.getListState('list', 'v INT', ttl),
        map: handle.getMapState('map', 'v INT', 'c INT', ttl),
      };
    },
    handleInputRows: (key: Key, rows: Iterable<Event>) => methods.rows?.(kept, key, rows),
    handleExpiredTimer: (key: Key, _: unknown, info: { getExpiryTimeInMs(): number }) =>
      methods.timer?.(kept, key, info.getExpiryTimeInMs()),
    handleInitialState: (key: Key, row: Record<string, unknown>) => methods.initial?.(kept, key, row),
    close() {
      this.isClosed += 1;
    },
  };
}

function transform(
  made: () => object,
  timeMode: 'None' | 'ProcessingTime' | 'EventTime' = 'None',
  initial?: readonly (readonly [string, number])[],
): QueryBench {
  return new QueryBench({
    streams,
    mode: 'update',
    query: ({ events }, spark) =>
      events
        .withWatermark('ts', '10 seconds')
        .groupBy('k')
        .transformWithState(made(), {
          outputSchema: 'text STRING',
          outputMode: 'Update',
          timeMode,
          ...(initial === undefined
            ? {}
            : { initialState: spark.createDataFrame(initial, 'k STRING, n INT').groupBy('k') }),
        }),
  });
}

function texts({ output }: { readonly output: readonly Readonly<Record<string, unknown>>[] }): readonly unknown[] {
  return output.map((row) => row['text']);
}

function rowOfA(v: number) {
  return { events: [['a', v, at(0)]] } as const;
}

describe('transformWithState', () => {
  it('keeps values, lists and maps over restarts, entry by entry', () => {
    const bench = transform(() =>
      processor({
        rows({ value, list, map }, key, rows) {
          for (const { v } of rows) {
            value.update({ n: ((value.get()?.['n'] as number | undefined) ?? 0) + 1 });
            list.appendValue({ v });
            map.updateValue({ v }, { c: ((map.getValue({ v })?.['c'] as number | undefined) ?? 0) + 1 });
          }
          const items = [...list.get()].map((row) => row['v']).join(',');
          const entries = [...map.iterator()].map(([k, c]) => `${String(k['v'])}=${String(c['c'])}`).join(',');
          return [{ text: `${key.k} ${String(value.get()?.['n'])} [${items}] {${entries}}` }];
        },
      }),
    );
    bench.batch({
      events: [
        ['a', 3, at(0)],
        ['a', 1, at(0)],
      ],
    });
    bench.restart();
    expect(
      texts(
        bench.batch({
          events: [
            ['a', 3, at(0)],
            ['b', 9, at(0)],
          ],
        }),
      ),
    ).toEqual(['a 3 [3,1,3] {3=2,1=1}', 'b 1 [9] {9=1}']);
    // One row for each value and list, and one for each entry.
    expect(bench.batch().state[0]?.rowsTotal).toBe(2 + 2 + 3);
    bench.close();
  });

  it('removes entries and clears what it is told to', () => {
    const bench = transform(() =>
      processor({
        rows({ value, list, map }, key, rows) {
          for (const { v } of rows) {
            if (v < 0) map.removeKey({ v: -v });
            else map.updateValue({ v }, { c: 0 });
          }
          if (key.k === 'z') {
            value.update({ n: 1 });
            list.put([{ v: 1 }, { v: 2 }]);
            value.clear();
            list.clear();
            map.clear();
          }
          const keys = [...map.keys()].map((row) => row['v']).join(',');
          return [{ text: `${keys} ${value.exists()} ${list.exists()} ${map.exists()} ${map.containsKey({ v: 1 })}` }];
        },
      }),
    );
    const given = bench.batch({
      events: [
        ['a', 1, at(0)],
        ['a', 2, at(0)],
        ['a', 3, at(0)],
        ['a', -2, at(0)],
        ['z', 1, at(0)],
      ],
    });
    expect(texts(given)).toEqual(['1,3 false false true true', ' false false false false']);
    expect(bench.batch().state[0]?.rowsTotal).toBe(2);
    bench.close();
  });

  it('fires timers of all keys, oldest first, when the watermark has reached them', () => {
    const bench = transform(
      () =>
        processor({
          rows({ handle }, _, rows) {
            for (const { v } of rows) handle.registerTimer(v * 1000);
            return [{ text: `timers ${[...handle.listTimers()].join(',')}` }];
          },
          timer({ handle }, { k }, timeMs) {
            if (timeMs === 12_000) handle.deleteTimer(14_000);
            return [{ text: `${k}@${timeMs / 1000}` }];
          },
        }),
      'EventTime',
    );
    bench.batch({
      events: [
        ['a', 15, at(1)],
        ['b', 13, at(1)],
        ['a', 12, at(1)],
        ['a', 14, at(1)],
      ],
    });
    bench.restart();
    expect(texts(bench.batch({ events: [['c', 99, at(25)]] }))).toEqual(['timers 99000']);
    // The watermark is 15 s: a timer at it fires.
    expect(texts(bench.batch())).toEqual(['a@12', 'b@13', 'a@15']);
    expect(texts(bench.batch())).toEqual([]);
    bench.close();
  });

  it('fires processing-time timers, and runs a batch only when one is due', () => {
    const bench = transform(
      () =>
        processor({
          rows: ({ handle }) => {
            handle.registerTimer(5000);
            return undefined;
          },
          timer: (_, { k }, timeMs) => [{ text: `${k}@${timeMs}` }],
        }),
      'ProcessingTime',
    );
    bench.batch({ events: [['a', 1, at(0)]] });
    bench.nowMs = 4999;
    expect(bench.wantsBatch).toBe(false);
    bench.nowMs = 5000;
    expect(bench.wantsBatch).toBe(true);
    expect(texts(bench.batch())).toEqual(['a@5000']);
    expect(bench.wantsBatch).toBe(false);
    bench.close();
  });

  it('hides values whose time to live is over, and removes them behind the batch', () => {
    const bench = transform(
      () =>
        processor(
          {
            rows({ value, list, map }, _, rows) {
              const text = `${value.exists()} ${[...list.get()].length} ${[...map.keys()].length}`;
              for (const { v } of rows) {
                value.update({ n: v });
                list.appendValue({ v });
                map.updateValue({ v }, { c: v });
              }
              return [{ text }];
            },
          },
          '10 seconds',
        ),
      'ProcessingTime',
    );
    expect(texts(bench.batch(rowOfA(1)))).toEqual(['false 0 0']);
    bench.nowMs = 9_999;
    expect(texts(bench.batch(rowOfA(2)))).toEqual(['true 1 1']);
    bench.restart();
    bench.nowMs = 10_000;
    expect(bench.batch().state[0]?.rowsTotal).toBe(3);
    expect(texts(bench.batch(rowOfA(3)))).toEqual(['true 1 1']);
    bench.nowMs = 30_000;
    expect(bench.wantsBatch).toBe(true);
    expect(bench.batch().state[0]?.rowsTotal).toBe(0);
    bench.close();
  });

  it('is given the initial state in the first batch of the query, and never again', () => {
    const bench = transform(
      () =>
        processor({
          initial: ({ value }, _, row) => {
            value.update({ n: row['n'] });
          },
          rows({ value }, { k }, rows) {
            value.update({ n: ((value.get()?.['n'] as number | undefined) ?? 0) + [...rows].length });
            return [{ text: `${k} ${String(value.get()?.['n'])}` }];
          },
        }),
      'None',
      [
        ['a', 100],
        ['b', 200],
      ],
    );
    expect(texts(bench.batch({ events: [['a', 1, at(0)]] }))).toEqual(['a 101']);
    bench.restart();
    expect(
      texts(
        bench.batch({
          events: [
            ['a', 1, at(0)],
            ['b', 1, at(0)],
            ['c', 1, at(0)],
          ],
        }),
      ),
    ).toEqual(['a 102', 'b 201', 'c 1']);
    bench.close();
  });

  it('closes the processor once', () => {
    const one = processor({});
    const bench = transform(() => one);
    bench.close();
    bench.close();
    expect(one.isClosed).toBe(1);
  });

  it.each([
    [
      'a variable that is declared twice',
      (h: StatefulProcessorHandle) => h.getValueState('value', 'n INT'),
      'STATE_VARIABLE_INVALID',
    ],
    [
      'a time to live without processing time',
      (h: StatefulProcessorHandle) => h.getValueState('x', 'n INT', 5),
      'STATE_VARIABLE_INVALID',
    ],
    ['a timer without a time mode', (h: StatefulProcessorHandle) => h.registerTimer(1), 'STATE_TIMEOUT_INVALID'],
  ] as const)('refuses %s when the query is made', (_, act, code) => {
    const base = processor({});
    const made = {
      ...base,
      init(handle: StatefulProcessorHandle) {
        base.init(handle);
        act(handle);
      },
    };
    expect(codeOf(() => transform(() => made))).toContain(code);
  });

  it('refuses a variable whose type is not that of the checkpoint', () => {
    let type = 'n INT';
    const bench = transform(() => ({
      init(handle: StatefulProcessorHandle) {
        handle.getValueState('x', type);
      },
      handleInputRows: () => [],
    }));
    bench.batch();
    type = 'n STRING';
    expect(codeOf(() => bench.restart())).toContain('STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE');
  });

  it('names the method and the key when the processor fails', () => {
    const bench = transform(() =>
      processor({
        rows() {
          throw new TypeError('broken');
        },
      }),
    );
    expect(codeOf(() => bench.batch({ events: [['a', 1, at(0)]] }))).toContain(
      'handleInputRows of the processor of transformWithState failed in transform-with-state of batch 0 for the key {"k":"a"}: broken',
    );
  });
});
