import { type DStream, type State, StateSpec } from '../../lib/index.ts';

export type Pairs = DStream<readonly [string, number]>;

export const add = (a: number, b: number): number => a + b;
export const subtract = (a: number, b: number): number => a - b;
export const total = (values: readonly number[], state: number | null): number => values.reduce(add, state ?? 0);
export const isNotZero = ([, n]: [string, number]): boolean => n !== 0;
const runningTotal = StateSpec.function<string, number, number, [string, number]>((key, value, state) => {
  if (!state.isTimingOut()) state.update((state.getOption() ?? 0) + (value ?? 0));
  return [key, state.get()];
});

/** Every stateful operation with one history: what it gives must not depend on where the process dies. */
export const operations: readonly (readonly [name: string, stream: (s: Pairs) => DStream<unknown>, output: string])[] =
  [
    [
      'updateStateByKey',
      (s) => s.updateStateByKey(total),
      'a:3 | a:3 b:1 | a:3 b:1 | a:5 b:1 | a:5 b:2 c:7 | a:5 b:2 c:7',
    ],
    [
      'updateStateByKey with touchedOnly',
      (s) => s.updateStateByKey(total, { touchedOnly: true }),
      'a:3 | b:1 |  | a:5 | b:2 c:7 | ',
    ],
    [
      'updateStateByKey that removes idle keys',
      (s) =>
        s.updateStateByKey<string, number, number>((values, state) =>
          values.length === 0 ? null : total(values, state),
        ),
      'a:3 | b:1 |  | a:2 | b:1 c:7 | ',
    ],
    [
      'updateStateByKey with initial state',
      (s) =>
        s.updateStateByKey(total, {
          initialState: [
            ['z', 9],
            ['a', 1],
          ],
        }),
      'a:4 z:9 | a:4 b:1 z:9 | a:4 b:1 z:9 | a:6 b:1 z:9 | a:6 b:2 c:7 z:9 | a:6 b:2 c:7 z:9',
    ],
    [
      'updateStateByKeyPartition',
      (s) =>
        s.updateStateByKeyPartition<string, number, number>((it) => [...it].map(([k, vs, st]) => [k, total(vs, st)])),
      'a:3 | a:3 b:1 | a:3 b:1 | a:5 b:1 | a:5 b:2 c:7 | a:5 b:2 c:7',
    ],
    ['mapWithState', (s) => s.mapWithState(runningTotal), 'a:1 a:3 | b:1 |  | a:5 | b:2 c:7 | '],
    [
      'stateSnapshots',
      (s) => s.mapWithState(runningTotal).stateSnapshots(),
      'a:3 | a:3 b:1 | a:3 b:1 | a:5 b:1 | a:5 b:2 c:7 | a:5 b:2 c:7',
    ],
    [
      'mapWithState with a timeout',
      (s) => s.mapWithState(runningTotal.timeout(1000)).stateSnapshots(),
      'a:3 | a:3 b:1 | b:1 | a:2 | a:2 b:1 c:7 | b:1 c:7',
    ],
    ['window', (s) => s.window(3000), 'a:1 a:2 | a:1 a:2 b:1 | a:1 a:2 b:1 | b:1 a:2 | a:2 b:1 c:7 | a:2 b:1 c:7'],
    ['window of every second batch', (s) => s.window(3000, 2000), '~ | a:1 a:2 b:1 | ~ | b:1 a:2 | ~ | a:2 b:1 c:7'],
    [
      'reduceByKeyAndWindow',
      (s) => s.reduceByKeyAndWindow(add, 3000),
      'a:3 | a:3 b:1 | a:3 b:1 | a:2 b:1 | a:2 b:1 c:7 | a:2 b:1 c:7',
    ],
    [
      'reduceByKeyAndWindow with inverse',
      (s) => s.reduceByKeyAndWindow(add, subtract, 3000, 1000),
      'a:3 | a:3 b:1 | a:3 b:1 | a:2 b:1 | a:2 b:1 c:7 | a:2 b:1 c:7',
    ],
    [
      'reduceByKeyAndWindow with inverse and filter',
      (s) => s.reduceByKeyAndWindow(add, subtract, 2000, 1000, { filter: isNotZero }),
      'a:3 | a:3 b:1 | b:1 | a:2 | a:2 b:1 c:7 | b:1 c:7',
    ],
    [
      'groupByKeyAndWindow',
      (s) => s.groupByKeyAndWindow(2000).mapValues((values) => values.length),
      'a:2 | a:2 b:1 | b:1 | a:1 | a:1 b:1 c:1 | b:1 c:1',
    ],
    ['countByWindow', (s) => s.countByWindow(2000, 1000), '2 | 3 | 1 | 1 | 3 | 2'],
    ['reduceByWindow', (s) => s.map(([, n]) => n).reduceByWindow(add, 2000), '3 | 4 | 1 | 2 | 10 | 8'],
    [
      'reduceByWindow with inverse',
      (s) => s.map(([, n]) => n).reduceByWindow(add, subtract, 2000),
      '3 | 4 | 1 | 2 | 10 | 8',
    ],
    [
      'countByValueAndWindow',
      (s) => s.map(([k]) => k).countByValueAndWindow(2000, 1000),
      'a:2 | a:2 b:1 | b:1 | a:1 | a:1 b:1 c:1 | b:1 c:1',
    ],
    [
      'state of a window',
      (s) => s.window(2000, 2000).updateStateByKey(total),
      '~ | a:3 b:1 | ~ | a:5 b:1 | ~ | a:5 b:2 c:7',
    ],
    [
      'window of a state',
      (s) => s.updateStateByKey(total).window(2000, 2000),
      '~ | a:3 a:3 b:1 | ~ | a:3 b:1 a:5 b:1 | ~ | a:5 b:2 c:7 a:5 b:2 c:7',
    ],
    [
      'window of an inverse window',
      (s) => s.reduceByKeyAndWindow(add, subtract, 2000, 1000, { filter: isNotZero }).window(3000, 3000).count(),
      '~ | ~ | 4 | ~ | ~ | 6',
    ],
    [
      'state joined with the batch',
      (s) => s.join(s.updateStateByKey(total)),
      'a:1,3 a:2,3 | b:1,1 |  | a:2,5 | b:1,2 c:7,7 | ',
    ],
    [
      'updateStateByKeyWithTime',
      (s) =>
        s.updateStateByKeyWithTime<string, number, number>((time, _key, values, state) =>
          values.length === 0 ? state : time,
        ),
      'a:1000 | a:1000 b:2000 | a:1000 b:2000 | a:4000 b:2000 | a:4000 b:5000 c:5000 | a:4000 b:5000 c:5000',
    ],
    [
      'mapWithState with initial state',
      (s) =>
        s
          .mapWithState(
            runningTotal.initialState([
              ['z', 9],
              ['a', 1],
            ]),
          )
          .stateSnapshots(),
      'a:4 z:9 | a:4 b:1 z:9 | a:4 b:1 z:9 | a:6 b:1 z:9 | a:6 b:2 c:7 z:9 | a:6 b:2 c:7 z:9',
    ],
    [
      'mapWithState of four arguments, which tells what times out',
      (s) =>
        s.mapWithState(
          StateSpec.function(
            (_time: number, key: string, value: number | null, state: State<number>): [string, string] | null => {
              if (state.isTimingOut()) return [key, 'out'];
              state.update(value ?? 0);
              return null;
            },
          ).timeout(1000),
        ),
      ' |  | a:out | b:out |  | a:out',
    ],
    [
      'mapWithState that removes',
      (s) =>
        s.mapWithState(
          StateSpec.function<string, number, number, [string, string]>((key, value, state) => {
            if (state.exists()) {
              state.remove();
              return [key, 'gone'];
            }
            state.update(value ?? 0);
            return [key, 'new'];
          }),
        ),
      'a:new a:gone | b:new |  | a:new | b:gone c:new | ',
    ],
    [
      'a window of a window',
      (s) => s.window(2000).window(2000),
      'a:1 a:2 | a:1 a:2 a:1 a:2 b:1 | a:1 a:2 b:1 b:1 | b:1 a:2 | a:2 a:2 b:1 c:7 | a:2 b:1 c:7 b:1 c:7',
    ],
    [
      'a window behind a reduced one',
      (s) => s.reduceByKeyAndWindow(add, 1000).window(2000),
      'a:3 | a:3 b:1 | b:1 | a:2 | a:2 b:1 c:7 | b:1 c:7',
    ],
    [
      'a join of windows',
      (s) => s.window(2000).join(s.reduceByKeyAndWindow(add, subtract, 3000, 1000)),
      'a:1,3 a:2,3 | a:1,3 a:2,3 b:1,1 | b:1,1 | a:2,2 | a:2,2 b:1,1 c:7,7 | b:1,1 c:7,7',
    ],
    [
      'state with a checkpoint interval',
      (s) => s.updateStateByKey(total).checkpoint(3000),
      'a:3 | a:3 b:1 | a:3 b:1 | a:5 b:1 | a:5 b:2 c:7 | a:5 b:2 c:7',
    ],
    ['a cached window', (s) => s.window(2000).cache(), 'a:1 a:2 | a:1 a:2 b:1 | b:1 | a:2 | a:2 b:1 c:7 | b:1 c:7'],
    ['countByWindow of every second batch', (s) => s.countByWindow(4000, 2000), '~ | 3 | ~ | 4 | ~ | 3'],
    [
      'reduceByWindow with inverse, of every second batch',
      (s) => s.map(([, n]) => n).reduceByWindow(add, subtract, 4000, 2000),
      '~ | 4 | ~ | 6 | ~ | 10',
    ],
    [
      'a union of state and batch',
      (s) => s.updateStateByKey(total).union(s.mapValues((n) => n)),
      'a:3 a:1 a:2 | a:3 b:1 b:1 | a:3 b:1 | a:5 b:1 a:2 | a:5 b:2 c:7 b:1 c:7 | a:5 b:2 c:7',
    ],
    [
      'state with a partitioner of its own',
      (s) =>
        s.updateStateByKey(total, {
          partitioner: { numPartitions: 3, partitionOf: (key) => String(key).charCodeAt(0) % 3 },
        }),
      'a:3 | a:3 b:1 | a:3 b:1 | a:5 b:1 | a:5 b:2 c:7 | a:5 b:2 c:7',
    ],
    [
      'an inverse that is none, as in PySpark',
      (s) => s.reduceByKeyAndWindow(add, null, 2000, 1000, 2),
      'a:3 | a:3 b:1 | b:1 | a:2 | a:2 b:1 c:7 | b:1 c:7',
    ],
  ];

export const history = ['a:1 a:2', 'b:1', '', 'a:2', 'b:1 c:7', ''];
