import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { type DStream, ManualClock, StateSpec, StreamingContext } from '../../lib/index.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/memory-checkpoints.ts';

type Numbers = DStream<readonly [string, number]>;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Held {
  readonly batch: number;
}

it.each<readonly [string, (s: Numbers, make: (batch: number) => Held) => DStream<unknown>]>([
  [
    'updateStateByKey with touchedOnly',
    (s, make) => s.updateStateByKey<string, number, Held>(([n = 0]) => make(n), { touchedOnly: true }),
  ],
  [
    'mapWithState',
    (s, make) =>
      s.mapWithState(StateSpec.function<string, number, number, Held>((_, value) => make(value ?? 0)).timeout(60_000)),
  ],
])('what a batch of %s gave is not held when later ones have run', async (_, stream) => {
  const given: WeakRef<Held>[] = [];
  const clock = new ManualClock();
  const openCheckpoint = new MemoryCheckpoints().open;
  const ssc = new StreamingContext({ appName: 'memory', batchInterval: 1000, clock, openCheckpoint });
  ssc.checkpoint('memory:state');
  const input = ssc.inputStream<readonly [string, number]>(
    'numbers',
    (step, slideMs) => new TimedInput<readonly [string, number]>(step, slideMs, (__, index) => [['key', index]], 1),
  );
  stream(input, (batch) => {
    const made = { batch };
    given.push(new WeakRef(made));
    return made;
  }).foreachRDD(async (rdd) => {
    await rdd.count();
  });
  await ssc.start();
  try {
    await clock.advance(20_000);
    collectGarbage();
    expect(given).toHaveLength(20);
    // The last batch or two may still be at hand.
    expect(given.slice(0, 15).flatMap((ref) => ref.deref() ?? [])).toEqual([]);
  } finally {
    await ssc.stop();
  }
});
