import { describe, expect, it } from '@jest/globals';
import { type DStream, ManualClock, StreamingContext, StateSpec } from '../../lib/index.ts';

/** Compiles only when both are the same type. */
type Same<A, B> = [(value: A) => A] extends [(value: B) => B]
  ? [(value: B) => B] extends [(value: A) => A]
    ? true
    : false
  : false;
function typed<T>(stream: DStream<T>): { is<U>(same: Same<T, U>): boolean } {
  return { is: (same) => same && stream.slideDuration === 1000 };
}

const ssc = new StreamingContext({ appName: 'types', batchInterval: 1000, clock: new ManualClock() });
const words = ssc.queueStream([['a']]);
const pairs = words.map((word) => [word, 1] as const);
const add = (a: number, b: number): number => a + b;

describe('the types of streams', () => {
  it('follow the elements', () => {
    const called = words.mapAsync(async (word, { attempt }) => await Promise.resolve([word, attempt]));
    expect(
      [
        typed(words).is<string>(true),
        typed(words.map((word) => word.length)).is<number>(true),
        typed(words.map((word) => [word, 1])).is<[string, number]>(true),
        typed(words.flatMap((word) => word.split(''))).is<string>(true),
        typed(words.count()).is<number>(true),
        typed(words.countByValue()).is<[string, number]>(true),
        typed(pairs.reduceByKey(add)).is<[string, number]>(true),
        typed(pairs.groupByKey()).is<[string, 1[]]>(true),
        typed(pairs.mapValues((n) => n > 1)).is<[string, boolean]>(true),
        typed(pairs.join(pairs.mapValues(String))).is<[string, [1, string]]>(true),
        typed(pairs.leftOuterJoin(pairs)).is<[string, [1, 1 | null]]>(true),
        typed(pairs.updateStateByKey<string, number, { n: number }>((_, state) => state)).is<[string, { n: number }]>(
          true,
        ),
        typed(pairs.reduceByKeyAndWindow(add, add, '3 seconds', 1000, { filter: ([, n]) => n > 0 })).is<
          [string, number]
        >(true),
        typed(
          pairs.mapWithState(
            StateSpec.function<string, number, number, boolean>((_key, _value, state) => state.exists()),
          ),
        ).is<boolean>(true),
        typed(called).is<[string, number]>(true),
        typed(
          words.mapAsync((word) => word.length, { concurrency: 2, timeout: '1 second', ordered: false }),
        ).is<number>(true),
        typed(pairs.reduceByKeyAndWindow(add, null, '3 seconds', 1000, 3)).is<[string, number]>(true),
        typed(ssc.transform([words, pairs], ([w, p]) => w.union(p.map(([key]) => key)))).is<string>(true),
        typed(ssc.kafkaStream({ brokers: 'localhost:1', topics: 'a' }).map((r) => r.value)).is<string>(true),
      ].every(Boolean),
    ).toBe(true);
  });

  it('refuse what makes no sense', () => {
    const refused = [
      // @ts-expect-error words are no pairs
      (): unknown => words.reduceByKey(add),
      // @ts-expect-error the values are numbers
      (): unknown => pairs.reduceByKey((a: string, b: string) => a + b),
      // @ts-expect-error streams of different elements
      (): unknown => words.union(pairs),
      // @ts-expect-error there is no such option
      (): unknown => ssc.kafkaStream({ brokers: ['localhost:1'], topic: 'a' }),
      // @ts-expect-error a function is asked for
      (): unknown => words.map('length'),
      // @ts-expect-error there is no such option
      (): unknown => words.toKafka('out', { brokers: ['localhost:1'], keys: 1 }),
      // @ts-expect-error the key is made of a row, and rows are texts
      (): unknown => words.toKafka('out', { brokers: ['localhost:1'], key: (row: number) => row }),
      // @ts-expect-error there is no such option
      (): unknown => words.mapAsync((word) => word, { parallel: 2 }),
      // @ts-expect-error a batch has no such field
      (): unknown => words.foreachRDD((_rdd, _time, batch) => void batch.attempts),
    ];
    expect(refused).toHaveLength(9);
  });
});
