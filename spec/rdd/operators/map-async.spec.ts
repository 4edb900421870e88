import { describe, expect, it } from '@jest/globals';
import { nextTurn } from '../../../lib/kernel/turns.ts';
import { ManualClock } from '../../../lib/kernel/manual-clock.ts';
import type { AsyncCall, MapAsyncOptions } from '../../../lib/rdd/operators/map-async.ts';
import type { RDD } from '../../../lib/rdd/rdd.ts';
import { SparkContext } from '../../../lib/rdd/spark-context.ts';
import { partitioned } from '../partitioned.ts';

interface Scene {
  readonly clock: ManualClock;
  readonly rdd: RDD<number>;
}

function scene(lists: readonly (readonly number[])[]): Scene {
  const clock = new ManualClock();
  return { clock, rdd: partitioned(lists, new SparkContext({ clock })) };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** A call that ends after so many turns of the event loop as its element says. */
async function afterTurns(x: number): Promise<number> {
  await turns(x);
  return x;
}

describe('mapAsync', () => {
  it.each<readonly [MapAsyncOptions, number[]]>([
    [{}, [9, 1, 5, 2]],
    [{ ordered: true, concurrency: 4 }, [9, 1, 5, 2]],
    [{ ordered: false, concurrency: 4 }, [1, 2, 5, 9]],
    [{ ordered: false, concurrency: 1 }, [9, 1, 5, 2]],
  ])('with %j gives its results in the order that was asked for', async (options, expected) => {
    expect(
      await scene([[9, 1, 5, 2]])
        .rdd.mapAsync(afterTurns, options)
        .collect(),
    ).toEqual(expected);
  });

  it('takes a function that does not wait, and an empty partition', async () => {
    expect(
      await scene([[1, 2], []])
        .rdd.mapAsync((x) => x + 1)
        .glom()
        .collect(),
    ).toEqual([[2, 3], []]);
  });

  it('makes a failed call again, after pauses that double', async () => {
    const { clock, rdd } = scene([[7]]);
    const calls: [time: number, attempt: number][] = [];
    const collected = rdd
      .mapAsync(
        (x, { attempt }) => {
          calls.push([clock.now(), attempt]);
          if (attempt < 3) throw new RangeError('not yet');
          return x;
        },
        { retries: 3, backoff: '50 ms' },
      )
      .collect();
    clock.hold(collected);
    await clock.advance(1000);
    expect(await collected).toEqual([7]);
    expect(calls).toEqual([
      [0, 0],
      [50, 1],
      [150, 2],
      [350, 3],
    ]);
  });

  it('gives up when the retries are used up, with the last failure', async () => {
    const { clock, rdd } = scene([[1]]);
    let calls = 0;
    const counted = rdd
      .mapAsync(
        () => {
          calls += 1;
          throw new RangeError(`call ${calls}`);
        },
        { retries: 2 },
      )
      .count();
    clock.hold(counted);
    const failed = counted.catch((error: unknown) => error);
    await clock.advance(1000);
    expect(await failed).toMatchObject({ code: 'RDD_FUNCTION_FAILED', cause: new RangeError('call 3') });
    expect(calls).toBe(3);
  });

  it('fails a call that takes too long, and tells it so', async () => {
    const { clock, rdd } = scene([[1]]);
    const seen: AsyncCall[] = [];
    const counted = rdd
      .mapAsync(
        async (_, call) => {
          seen.push(call);
          return await new Promise<number>(() => undefined);
        },
        { timeout: '2 seconds' },
      )
      .count();
    const failed = counted.catch((error: unknown) => error);
    await turns(5);
    await clock.advance(1999);
    expect(seen[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'RDD_CALL_TIMEOUT',
      retriable: true,
      where: { operator: 'mapAsync' },
      params: { timeout: 2000 },
    });
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  it('makes a call again that took too long', async () => {
    const { clock, rdd } = scene([[5]]);
    const collected = rdd
      .mapAsync(async (x, { attempt }) => (attempt === 0 ? await new Promise<number>(() => undefined) : x), {
        timeout: 100,
        retries: 1,
        backoff: 10,
      })
      .collect();
    for (let step = 0; step < 3; step++) {
      await turns(5);
      await clock.advance(100);
    }
    expect(await collected).toEqual([5]);
  });

  it('tells the calls under way when one has failed for good, and starts no more', async () => {
    const started: number[] = [];
    const counted = scene([[1, 2, 3, 4, 5]])
      .rdd.mapAsync(
        async (x, { signal }) => {
          started.push(x);
          if (x === 2) throw new RangeError('two');
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new TypeError('told to stop'));
            });
          });
          return x;
        },
        { concurrency: 3, retries: 0 },
      )
      .count();
    await expect(counted).rejects.toMatchObject({ cause: new RangeError('two') });
    expect(started).toEqual([1, 2, 3]);
  });

  it('leaves the failure of a later step to that step', async () => {
    const failing = scene([[1, 2, 3]])
      .rdd.mapAsync(async (x) => await afterTurns(x))
      .map((x) => {
        if (x === 2) throw new RangeError('later');
        return x;
      });
    await expect(failing.count()).rejects.toMatchObject({ where: { operator: 'map' }, cause: new RangeError('later') });
  });

  it.each<readonly [MapAsyncOptions, string]>([
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: 1.5 }, 'concurrency'],
    [{ concurrency: '4' as never }, 'concurrency'],
    [{ retries: -1 }, 'retries'],
    [{ ordered: 'no' as never }, 'ordered'],
    [{ timeout: 0 }, 'CONFIG_DURATION'],
    [{ backoff: -5 }, 'CONFIG_DURATION'],
    [{ concurency: 4 } as never, 'concurency'],
    [null as never, 'options'],
  ])('refuses %j by name when it is described', (options, name) => {
    expect(() => scene([[1]]).rdd.mapAsync(afterTurns, options)).toThrow(name);
  });

  it('refuses what is no function', () => {
    expect(() => scene([[1]]).rdd.mapAsync(5 as never)).toThrow('[RDD_ARGUMENT] mapAsync cannot take 5 as f');
  });
});
