import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  type DStream,
  ManualClock,
  MillraceError,
  PidRateEstimator,
  StateSpec,
  StreamingContext,
} from '../../lib/index.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { StateHandle } from '../../lib/streaming/state.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';

interface Recorded {
  readonly name: string;
  readonly params: { readonly sparkQuirk?: boolean };
  readonly expected: {
    readonly throws: boolean;
    readonly contextStateAfter: string;
    readonly outputTimes: readonly number[];
  };
}

/** A context as the recorded cases have it: `s` gives 1, 2, 3 ... in its batches, `p` pairs. */
class Scene {
  readonly clock = new ManualClock();
  readonly checkpoints: MemoryCheckpoints;
  readonly ssc: StreamingContext;
  readonly outputTimes: number[] = [];
  readonly warnings: string[] = [];

  constructor(checkpoints = new MemoryCheckpoints(), clock = new ManualClock()) {
    this.checkpoints = checkpoints;
    this.clock = clock;
    this.ssc = new StreamingContext({
      appName: 'errors',
      batchInterval: 1000,
      clock: this.clock,
      config: { 'millrace.spark.compat': true },
      openCheckpoint: checkpoints.open,
    });
    this.ssc.warn = (text) => this.warnings.push(text);
  }

  stream<T = number>(batchAt: (index: number) => readonly T[] | null = (index) => [index + 1] as T[]): DStream<T> {
    return this.ssc.inputStream('recorded', (step, slide) => new TimedInput<T>(step, slide, (_, i) => batchAt(i), 2));
  }

  get s(): DStream<number> {
    return this.stream();
  }

  get p(): DStream<readonly [string, number]> {
    return this.stream((index) => [['a', index + 1] as const]);
  }

  record<T>(stream: DStream<T>): DStream<T> {
    stream.foreachRDD(async (rdd, time) => {
      await rdd.collect();
      this.outputTimes.push(time);
    });
    return stream;
  }

  async run(batches: number): Promise<void> {
    await this.ssc.start();
    await this.clock.advance(batches * 1000);
  }

  /** Runs so many batches and gives what `awaitTermination` throws. */
  async failing(batches: number): Promise<void> {
    await this.run(batches);
    await this.ssc.awaitTermination();
  }
}

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const sum = (values: readonly number[], state: number | null): number => values.reduce(add, state ?? 0);
const spec = StateSpec.function<string, number, number, number>((_key, _value, state) => state.getOption() ?? 0);
const boom = (): never => {
  throw new RangeError('boom');
};

/** Each recorded case as a program, with the code we give where something is thrown. */
const cases: Readonly<Record<string, readonly [code: string | undefined, act: (scene: Scene) => unknown]>> = {
  "window length not a multiple of the parent's slide": ['STREAM_WINDOW_NOT_MULTIPLE', ({ s }) => s.window(1500)],
  "window slide not a multiple of the parent's slide": ['STREAM_WINDOW_NOT_MULTIPLE', ({ s }) => s.window(3000, 1500)],
  'inverse window length not a multiple': [
    'STREAM_WINDOW_NOT_MULTIPLE',
    ({ p }) => p.reduceByKeyAndWindow(add, subtract, 2500, 1000),
  ],
  'window of a window must fit the inner slide': [
    'STREAM_WINDOW_NOT_MULTIPLE',
    ({ s }) => s.window(2000, 2000).window(3000, 2000),
  ],
  'union of different slides': ['STREAM_DIFFERENT_SLIDES', ({ s }) => s.union(s.window(2000, 2000))],
  'context union of nothing': ['STREAM_NO_STREAMS', ({ ssc }) => ssc.union([])],
  'union across contexts': ['STREAM_DIFFERENT_CONTEXTS', ({ s }) => s.union(new Scene().s)],
  'join of different slides': ['STREAM_DIFFERENT_SLIDES', ({ p }) => p.join(p.window(2000, 2000))],
  'updateStateByKey without checkpoint directory': [
    'STREAM_CHECKPOINT_REQUIRED',
    async (scene) => {
      scene.record(scene.p.updateStateByKey(sum));
      await scene.run(1);
    },
  ],
  'mapWithState without checkpoint directory': [
    'STREAM_CHECKPOINT_REQUIRED',
    async (scene) => {
      scene.record(scene.p.mapWithState(spec));
      await scene.run(1);
    },
  ],
  'inverse window without checkpoint directory': [
    'STREAM_CHECKPOINT_REQUIRED',
    async (scene) => {
      scene.record(scene.p.reduceByKeyAndWindow(add, subtract, 2000, 1000));
      await scene.run(1);
    },
  ],
  'countByWindow without checkpoint directory': [
    'STREAM_CHECKPOINT_REQUIRED',
    async (scene) => {
      scene.record(scene.s.countByWindow(2000, 1000));
      await scene.run(1);
    },
  ],
  'plain window without checkpoint directory': [
    undefined,
    async (scene) => {
      scene.record(scene.s.window(2000).count());
      await scene.run(2);
    },
  ],
  'checkpoint interval below the slide': [
    'STREAM_CHECKPOINT_INTERVAL',
    async (scene) => {
      scene.ssc.checkpoint('memory:errors');
      scene.record(scene.s.checkpoint(500));
      await scene.run(1);
    },
  ],
  'checkpoint interval not a multiple of the slide': [
    'STREAM_CHECKPOINT_INTERVAL',
    async (scene) => {
      scene.ssc.checkpoint('memory:errors');
      scene.record(scene.s.checkpoint(1500));
      await scene.run(1);
    },
  ],
  'no output operation': [
    'STREAM_NO_OUTPUT',
    async (scene) => {
      scene.s.map((x) => x);
      await scene.run(1);
    },
  ],
  'new transformation after start': [
    'STREAM_GRAPH_FROZEN',
    async (scene) => {
      const s = scene.record(scene.s);
      await scene.run(1);
      s.map((x) => x);
    },
  ],
  'new input after start': [
    'STREAM_GRAPH_FROZEN',
    async (scene) => {
      scene.record(scene.s);
      await scene.run(1);
      scene.ssc.queueStream([]);
    },
  ],
  'new transformation after stop': [
    'STREAM_GRAPH_FROZEN',
    async (scene) => {
      const s = scene.record(scene.s);
      await scene.run(1);
      await scene.ssc.stop();
      s.map((x) => x);
    },
  ],
  'start twice': [
    undefined,
    async (scene) => {
      scene.record(scene.s);
      await scene.ssc.start();
      await scene.run(1);
      expect(scene.warnings).toHaveLength(1);
    },
  ],
  'start after stop': [
    'STREAM_CONTEXT_STOPPED',
    async (scene) => {
      scene.record(scene.s);
      await scene.run(1);
      await scene.ssc.stop();
      await scene.ssc.start();
    },
  ],
  'stop twice': [
    undefined,
    async (scene) => {
      scene.record(scene.s);
      await scene.run(1);
      await scene.ssc.stop();
      await scene.ssc.stop();
    },
  ],
  'stop before start': [
    'STREAM_CONTEXT_STOPPED',
    async (scene) => {
      scene.record(scene.s);
      await scene.ssc.stop();
      await scene.ssc.start();
    },
  ],
  'two active contexts': [
    'STREAM_CONTEXT_ACTIVE',
    async (scene) => {
      scene.record(scene.s);
      await scene.run(1);
      const second = new Scene();
      second.record(second.s);
      await second.ssc.start();
    },
  ],
  'checkpoint interval after start': [
    'STREAM_SETTING_FROZEN',
    async (scene) => {
      const s = scene.record(scene.s);
      await scene.run(1);
      s.checkpoint(2000);
    },
  ],
  'remember twice': [
    'STREAM_REMEMBER_SET',
    ({ ssc }) => {
      ssc.remember(2000);
      ssc.remember(3000);
    },
  ],
  'slice before start': ['STREAM_NOT_STARTED', async ({ s }) => await s.slice(1000, 2000)],
  'queueStream with a checkpoint directory: running': [
    undefined,
    async (scene) => {
      scene.ssc.checkpoint('memory:errors');
      scene.record(scene.ssc.queueStream([[1], [2]]));
      await scene.run(2);
      expect(scene.warnings.join()).toContain('cannot be continued');
    },
  ],
  'queueStream with a checkpoint directory: recovery': [
    'STREAM_QUEUE_NOT_RECOVERABLE',
    async (scene) => {
      const create = (own: Scene): StreamingContext => {
        own.ssc.checkpoint('memory:errors');
        own.ssc.queueStream([[1], [2]]).foreachRDD((_, time) => void scene.outputTimes.push(time));
        return own.ssc;
      };
      const first = new Scene(scene.checkpoints, scene.clock);
      await (await StreamingContext.getOrCreate('memory:errors', () => create(first))).start();
      await scene.clock.advance(2000);
      await first.ssc.stop();
      const again = await StreamingContext.getOrCreate('memory:errors', () => create(scene));
      await again.start();
    },
  ],
  'element function throws in batch 2': [
    'RDD_FUNCTION_FAILED',
    async (scene) => {
      scene.record(scene.s.map((x) => (x === 2 ? boom() : x)));
      await scene.failing(3);
    },
  ],
  'foreachRDD function throws in batch 2': [
    'STREAM_OUTPUT_FAILED',
    async (scene) => {
      scene.s.foreachRDD((_, time) => {
        if (time === 2000) boom();
        scene.outputTimes.push(time);
      });
      await scene.failing(3);
    },
  ],
  'one of two output operations fails in batch 2': [
    'STREAM_OUTPUT_FAILED',
    async (scene) => {
      const { s } = scene;
      s.foreachRDD((_, time) => {
        if (time === 2000) boom();
      });
      scene.record(s);
      await scene.failing(3);
    },
  ],
  'transform function throws in batch 2': [
    'RDD_FUNCTION_FAILED',
    async (scene) => {
      scene.record(scene.s.transform((rdd, time) => (time === 2000 ? boom() : rdd)));
      await scene.failing(3);
    },
  ],
  'transform returns null': [
    'STREAM_TRANSFORM_RESULT',
    async (scene) => {
      scene.record(scene.s.transform(() => null as never));
      await scene.failing(3);
    },
  ],
  'no RDD under union': [
    'STREAM_RDD_MISSING',
    async (scene) => {
      const gap = scene.stream((i) => (i === 1 ? null : [i]));
      scene.record(gap.union(gap));
      await scene.failing(3);
    },
  ],
  'no RDD under transform': [
    'STREAM_RDD_MISSING',
    async (scene) => {
      scene.record(scene.stream((i) => (i === 1 ? null : [i])).transform((rdd) => rdd));
      await scene.failing(3);
    },
  ],
  'no RDD under count': [
    'STREAM_RDD_MISSING',
    async (scene) => {
      scene.record(scene.stream((i) => (i === 1 ? null : [i])).count());
      await scene.failing(3);
    },
  ],
  'state.get without state': ['STREAM_STATE_GET', () => new StateHandle<number>(undefined).get()],
  'state.update after remove': [
    'STREAM_STATE_CHANGE',
    () => {
      const state = new StateHandle(5);
      state.remove();
      state.update(1);
    },
  ],
  'state.remove twice': [
    'STREAM_STATE_CHANGE',
    () => {
      const state = new StateHandle(5);
      state.remove();
      state.remove();
    },
  ],
  'state.update while timing out': [
    'STREAM_STATE_CHANGE',
    () => {
      new StateHandle(5, true).update(1);
    },
  ],
  'state.remove while timing out': [
    'STREAM_STATE_CHANGE',
    () => {
      new StateHandle(5, true).remove();
    },
  ],
  'state.get while timing out': [undefined, () => expect(new StateHandle(5, true).get()).toBe(5)],
  'rate estimator with zero minimum rate': ['STREAM_RATE_MINIMUM', () => new PidRateEstimator({ minRate: 0 })],
  'awaitTerminationOrTimeout on a running context': [
    undefined,
    async (scene) => {
      scene.record(scene.s);
      await scene.run(1);
      const waiting = scene.ssc.awaitTerminationOrTimeout(50);
      await scene.clock.advance(50);
      expect(await waiting).toBe(false);
      await scene.ssc.stop();
      expect(await scene.ssc.awaitTerminationOrTimeout(50)).toBe(true);
    },
  ],
};

const { cases: recorded } = JSON.parse(readFileSync('spec/golden/dstream/errors.json', 'utf8')) as {
  cases: readonly Recorded[];
};
const targets = recorded.filter(({ params }) => params.sparkQuirk !== true);

describe('misuse and failures as recorded on Spark', () => {
  afterEach(async () => {
    await StreamingContext.getActive()?.stop();
  });

  it('has a program for every recorded case, and no other', () => {
    expect(Object.keys(cases).toSorted()).toEqual(targets.map(({ name }) => name).toSorted());
  });

  it.each(targets)('$name', async ({ name, expected }) => {
    const found = cases[name];
    if (found === undefined) throw new RangeError(`no program for ${name}`);
    const [code, act] = found;
    const scene = new Scene();
    let thrown: unknown;
    try {
      await act(scene);
    } catch (error) {
      thrown = error;
    }
    if (thrown !== undefined && !(thrown instanceof MillraceError)) throw thrown;
    expect(thrown?.code).toBe(code);
    expect(code !== undefined).toBe(expected.throws);
    expect(scene.ssc.getState()).toBe(expected.contextStateAfter);
    expect(scene.outputTimes).toEqual(expected.outputTimes);
  });
});
