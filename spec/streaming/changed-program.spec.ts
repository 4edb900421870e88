import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Config, type DStream, ManualClock, StateSpec, StreamingContext } from '../../lib/index.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { FakeSource } from '../helpers/fake-source.ts';

/** What a program makes of its inputs; `out` takes what it has computed in each batch, under a name. */
type Build = (input: (name: string) => DStream<string>, out: (name: string, stream: DStream<unknown>) => void) => void;

let clock = new ManualClock();
let checkpoints = new MemoryCheckpoints();
let sources: Record<string, FakeSource> = {};
/** By batch time and name. */
let seen: Record<string, unknown[]> = {};
let attempts: (readonly [batchTime: number, attempt: number])[] = [];
let failsAt = Number.POSITIVE_INFINITY;

beforeEach(() => {
  clock = new ManualClock();
  checkpoints = new MemoryCheckpoints();
  sources = { orders: new FakeSource({ 'o-0': ['a'] }), clicks: new FakeSource({ 'c-0': ['x'] }) };
  seen = {};
  attempts = [];
  failsAt = Number.POSITIVE_INFINITY;
});

function sourceOf(name: string): FakeSource {
  return sources[name] ?? new FakeSource({});
}

async function start(build: Build, config: Config = {}): Promise<StreamingContext> {
  const ssc = await StreamingContext.getOrCreate('memory:changed', () => {
    const made = new StreamingContext({
      appName: 'changed',
      batchInterval: 1000,
      clock,
      config: { 'spark.default.parallelism': 1, ...config },
      openCheckpoint: checkpoints.open,
    });
    made.warn = () => undefined;
    build(
      (name) => made.inputStream(name, (step, slide) => new SourceInput(step, slide, sourceOf(name))),
      (name, stream) => {
        stream.foreachRDD(async (rdd, time, batch) => {
          seen[`${time} ${name}`] = await rdd.collect();
          attempts.push([batch.batchTime, batch.attempt]);
          if (time === failsAt) throw new RangeError('as planned');
        });
      },
    );
    return made;
  });
  await ssc.start();
  return ssc;
}

const accepted = { 'millrace.checkpoint.allowNewState': true, 'millrace.checkpoint.dropMissingState': true };
const count = (values: readonly number[], state: number | null): number => (state ?? 0) + values.length;
const totals = (s: DStream<string>): DStream<unknown> => s.map((x) => [x, 1] as const).updateStateByKey(count);
const sequence = (s: DStream<string>): DStream<unknown> =>
  s
    .map((x) => [x, 1] as const)
    .mapWithState(
      StateSpec.function((key: string, _: number | null, state) => {
        const next = (state.exists() ? (state.get() as number) : 0) + 1;
        state.update(next);
        return `${key}${next}`;
      }),
    );

const before: Build = (input, out) => {
  out('totals', totals(input('orders')));
};

const withThreeSteps: Build = (input, out) => {
  const orders = input('orders');
  // Written later than the step of before, which so keeps its id; run earlier, so that they could take its records.
  const known = totals(orders);
  out('window', orders.window(3000, 1000));
  out('long', orders.window(4000, 4000));
  out('sequence', sequence(orders));
  out('totals', known);
};

const withClicks: Build = (input, out) => {
  out('clicks', totals(input('clicks')));
  out('totals', totals(input('orders')));
};

const withoutState: Build = (input, out) => {
  out('orders', input('orders'));
};

/** Three batches of the program as it was: a, then b, then nothing. */
async function runBefore(): Promise<void> {
  const ssc = await start(before);
  await clock.advance(1000);
  sources['orders']?.append('o-0', 'b');
  await clock.advance(2000);
  await ssc.stop();
  sources['orders']?.append('o-0', 'c', 'a');
}

describe('a program that was changed', () => {
  it.each<readonly [string, Build, string]>([
    [
      'a step was added',
      (input, out) => {
        const orders = input('orders');
        out('totals', totals(orders));
        out('window', orders.window(2000));
      },
      'Only in the checkpoint: none. Only in the program: orders/window.',
    ],
    [
      'a step was removed',
      (input, out) => {
        out('orders', input('orders'));
      },
      'Only in the checkpoint: orders/map/update-state-by-key. Only in the program: none.',
    ],
    [
      'a step was renamed',
      (input, out) => {
        out('totals', totals(input('orders')).name('totals'));
      },
      'Only in the checkpoint: orders/map/update-state-by-key. Only in the program: totals (update-state-by-key).',
    ],
    [
      'an input was added',
      (input, out) => {
        out('totals', totals(input('orders')));
        out('clicks', input('clicks'));
      },
      'Only in the checkpoint: none. Only in the program: clicks.',
    ],
    [
      'an input was exchanged',
      (input, out) => {
        out('totals', totals(input('clicks')).name('orders/map/update-state-by-key'));
      },
      'Only in the checkpoint: orders. Only in the program: clicks.',
    ],
  ])('is refused where %s, and the checkpoint can be used on', async (_, build, text) => {
    await runBefore();
    await expect(start(build)).rejects.toMatchObject({
      code: 'CHECKPOINT_OPERATOR_MISMATCH',
      exitCode: 4,
      message: expect.stringContaining(text),
    });
    const ssc = await start(before);
    await clock.advance(1000);
    expect(seen['4000 totals']).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 1],
    ]);
    await ssc.stop();
  });

  it('keeps the state of a step that moved, when it gives it its old id', async () => {
    await runBefore();
    const ssc = await start((input, out) => {
      const moved = totals(input('orders').filter(() => true));
      out('totals', moved.name('orders/map/update-state-by-key'));
    });
    await clock.advance(1000);
    expect(seen['4000 totals']).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 1],
    ]);
    await ssc.stop();
  });

  it('lets new steps begin with the batch that follows, and takes nothing from the others', async () => {
    await runBefore();
    const ssc = await start(withThreeSteps, accepted);
    await clock.advance(1000);
    expect(seen).toMatchObject({
      '4000 totals': [
        ['a', 2],
        ['b', 1],
        ['c', 1],
      ],
      '4000 window': ['c', 'a'],
      '4000 long': ['c', 'a'],
      '4000 sequence': ['c1', 'a1'],
    });
    await ssc.stop();
    // From now on the checkpoint knows them; the long window has its next batch only in a third process.
    sources['orders']?.append('o-0', 'd');
    const next = await start(withThreeSteps);
    await clock.advance(1000);
    expect(seen).toMatchObject({ '5000 window': ['c', 'a', 'd'], '5000 sequence': ['d1'] });
    await next.stop();
    const last = await start(withThreeSteps);
    await clock.advance(3000);
    expect(seen).toMatchObject({ '8000 long': ['d'], '8000 window': [] });
    await last.stop();
  });

  it('drops the state of a step that is gone, so that it begins anew when it comes back', async () => {
    await runBefore();
    const ssc = await start(withoutState, accepted);
    await clock.advance(1000);
    await ssc.stop();
    // Accepted once, the change needs no setting any more.
    await (await start(withoutState)).stop();
    await expect(start(before)).rejects.toMatchObject({ code: 'CHECKPOINT_OPERATOR_MISMATCH' });
    const again = await start(before, accepted);
    sources['orders']?.append('o-0', 'b');
    await clock.advance(1000);
    expect(seen['5000 totals']).toEqual([['b', 1]]);
    await again.stop();
  });

  it('reads a new input in a batch that was in flight, and not again after another crash', async () => {
    failsAt = 2000;
    const first = await start(before);
    await clock.advance(2000);
    await expect(first.awaitTermination()).rejects.toThrow('as planned');
    const second = await start(withClicks, accepted);
    await clock.idle();
    await expect(second.awaitTermination()).rejects.toThrow('as planned');
    sources['clicks']?.append('c-0', 'x', 'y');
    failsAt = Number.POSITIVE_INFINITY;
    const third = await start(withClicks, accepted);
    await clock.idle();
    expect(seen['2000 clicks']).toEqual([['x', 1]]);
    await clock.advance(1000);
    expect(seen['3000 clicks']).toEqual([
      ['x', 2],
      ['y', 1],
    ]);
    expect(attempts.filter(([time]) => time === 2000).map(([, attempt]) => attempt)).toEqual([1, 2, 3, 3]);
    await third.stop();
  });
});
