import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Config,
  type DStream,
  ManualClock,
  offsetRanges,
  type Partitioner,
  type RDD,
  StreamingContext,
} from '../../lib/index.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';

type Pair = readonly [string, number];

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

class Scene {
  readonly clock: ManualClock;
  readonly ssc: StreamingContext;

  constructor(config: Config = {}, startMs = 0) {
    this.clock = new ManualClock(startMs);
    this.ssc = new StreamingContext({
      appName: 'own',
      batchInterval: 1000,
      clock: this.clock,
      config,
      openCheckpoint: new MemoryCheckpoints().open,
    });
    this.ssc.warn = () => undefined;
  }

  /** 1, 2, 3 ... in its batches. */
  get numbers(): DStream<number> {
    return this.stream((index) => [index + 1]);
  }

  stream<T>(batchAt: (index: number) => readonly T[] | null): DStream<T> {
    return this.ssc.inputStream('timed', (step, slide) => new TimedInput<T>(step, slide, (_, i) => batchAt(i), 2));
  }

  get pairs(): DStream<Pair> {
    return this.stream((index) => [['a', index + 1] as const, ['b', 1] as const, ['c', 1] as const]);
  }

  async run(batches: number): Promise<void> {
    await this.ssc.start();
    await this.clock.advance(batches * 1000);
    if (this.ssc.hasFailed) await this.ssc.awaitTermination();
  }

  /** The times of a stream that are held. */
  held(stream: DStream<unknown>): readonly number[] {
    return this.ssc.run?.graph.timesOf(stream.node) ?? [];
  }
}

function count(stream: DStream<unknown>): void {
  stream.foreachRDD(async (rdd) => void (await rdd.count()));
}

describe('cache and persist', () => {
  it.each([
    ['without them each output computes', (s: DStream<number>) => s, 4],
    ['cache computes once', (s: DStream<number>) => s.cache(), 2],
    ['persist computes once', (s: DStream<number>) => s.persist(), 2],
  ])('%s', async (_, keep, calls) => {
    const scene = new Scene();
    let called = 0;
    const mapped = keep(
      scene.numbers.map((x) => {
        called += 1;
        return x;
      }),
    );
    count(mapped);
    count(mapped.filter(() => true));
    await scene.run(2);
    expect(called).toBe(calls);
  });

  it('keep a batch for a window and a slice of it', async () => {
    const scene = new Scene();
    scene.ssc.remember(5000);
    let called = 0;
    const mapped = scene.numbers
      .map((x) => {
        called += 1;
        return x;
      })
      .cache();
    count(mapped.window(2000));
    await scene.run(3);
    for (const rdd of await mapped.slice(1000, 3000)) await rdd.count();
    expect(called).toBe(3);
  });
});

describe('how long batches are kept', () => {
  it.each<readonly [string, (scene: Scene, s: DStream<number>) => void, number[]]>([
    ['one slide by itself', (_, s) => count(s), [6000]],
    ['as long as remember says', ({ ssc }, s) => [ssc.remember(3000), count(s)], [4000, 5000, 6000]],
    ['not less than a slide', ({ ssc }, s) => [ssc.remember(500), count(s)], [6000]],
    ['a window and a slide', (_, s) => count(s.window(3000)), [3000, 4000, 5000, 6000]],
    ['a window of a window', (_, s) => count(s.window(2000).window(2000)), [2000, 3000, 4000, 5000, 6000]],
    [
      'twice the checkpoint interval',
      ({ ssc }, s) => [ssc.checkpoint('memory:kept'), count(s.checkpoint(2000))],
      [3000, 4000, 5000, 6000],
    ],
  ])('%s', async (_, build, held) => {
    const scene = new Scene();
    const s = scene.numbers;
    build(scene, s);
    await scene.run(6);
    expect(scene.held(s)).toEqual(held);
  });
});

describe('a checkpoint interval of a stream', () => {
  it.each<readonly [string, string, (scene: Scene) => unknown]>([
    ['below the slide', 'STREAM_CHECKPOINT_INTERVAL', ({ numbers }) => count(numbers.checkpoint(500))],
    ['no multiple of the slide', 'STREAM_CHECKPOINT_INTERVAL', ({ numbers }) => count(numbers.checkpoint(1500))],
    [
      'no multiple of a wider slide',
      'STREAM_CHECKPOINT_INTERVAL',
      ({ numbers }) => count(numbers.window(2000, 2000).checkpoint(3000)),
    ],
    [
      'not below what is remembered',
      'STREAM_REMEMBER_TOO_SHORT',
      ({ ssc, numbers }) => [ssc.remember(2000), count(numbers.checkpoint(2000))],
    ],
  ])('%s is refused at start', async (_, code, build) => {
    const scene = new Scene();
    scene.ssc.checkpoint('memory:intervals');
    build(scene);
    await expect(scene.ssc.start()).rejects.toMatchObject({ code });
    expect(scene.ssc.getState()).toBe('STOPPED');
  });

  it('needs a directory', async () => {
    const scene = new Scene();
    count(scene.numbers.checkpoint(2000));
    await expect(scene.ssc.start()).rejects.toMatchObject({ code: 'STREAM_CHECKPOINT_REQUIRED' });
  });
});

describe('streams of different slides', () => {
  it('run each at its own times, counted from the zero time, in the order of the program', async () => {
    const scene = new Scene({}, 1234);
    const ran: [string, number][] = [];
    const log = (name: string, stream: DStream<unknown>): void => {
      stream.foreachRDD((_, time) => void ran.push([name, time]));
    };
    const s = scene.numbers;
    log('two', s.window(2000, 2000));
    log('one', s);
    log('three', s.window(1000, 3000));
    await scene.run(6);
    expect(ran).toEqual([
      ['one', 2000],
      ['two', 3000],
      ['one', 3000],
      ['one', 4000],
      ['three', 4000],
      ['two', 5000],
      ['one', 5000],
      ['one', 6000],
      ['two', 7000],
      ['one', 7000],
      ['three', 7000],
    ]);
  });
});

/** `a` by itself. */
const apart: Partitioner = { numPartitions: 2, partitionOf: (key) => (key === 'a' ? 1 : 0) };

describe('a partitioner of the program', () => {
  it.each<readonly [string, (s: DStream<Pair>) => DStream<readonly [string, unknown]>]>([
    ['partitionBy', (s) => s.partitionBy(apart)],
    ['reduceByKey', (s) => s.reduceByKey((a, b) => a + b, apart)],
    ['groupByKey', (s) => s.groupByKey(apart)],
    [
      'combineByKey',
      (s) =>
        s.combineByKey(
          (v) => v,
          (a) => a,
          (a) => a,
          apart,
        ),
    ],
    ['cogroup', (s) => s.cogroup(s, apart)],
    ['join', (s) => s.join(s, apart)],
    ['fullOuterJoin', (s) => s.fullOuterJoin(s, apart)],
    ['groupByKeyAndWindow', (s) => s.groupByKeyAndWindow(2000, 1000, apart)],
    ['reduceByKeyAndWindow', (s) => s.reduceByKeyAndWindow((a, b) => a + b, 2000, 1000, apart)],
    [
      'reduceByKeyAndWindow with inverse',
      (s) =>
        s.reduceByKeyAndWindow(
          (a, b) => a + b,
          (a, b) => a - b,
          2000,
          1000,
          apart,
        ),
    ],
    ['updateStateByKey', (s) => s.updateStateByKey<string, number, number>(() => 1, { partitioner: apart })],
    ['updateStateByKey, in its place', (s) => s.updateStateByKey<string, number, number>(() => 1, apart)],
  ])('says for %s where each key goes', async (_, build) => {
    const scene = new Scene();
    scene.ssc.checkpoint('memory:partitions');
    const seen: string[][] = [];
    build(scene.pairs)
      .map(([key]) => key)
      .glom()
      .foreachRDD(async (rdd) => {
        for (const keys of await rdd.collect()) seen.push([...new Set(keys)].toSorted());
      });
    await scene.run(1);
    expect(seen).toEqual([['b', 'c'], ['a']]);
  });

  it('that errs fails the batch, by name', async () => {
    const scene = new Scene();
    count(scene.pairs.reduceByKey((a) => a, { numPartitions: 2, partitionOf: () => 2 }));
    await expect(scene.run(1)).rejects.toMatchObject({
      code: 'RDD_PARTITIONER',
      where: { operator: 'timed/reduce-by-key', batchTime: 1000 },
    });
  });
});

const state = (s: DStream<Pair>): DStream<unknown> => s.updateStateByKey<string, number, number>(() => 1);

async function read(
  build: (s: DStream<Pair>) => DStream<unknown>,
  look: (rdd: RDD<unknown>) => Promise<unknown> = async (rdd) => await rdd.count(),
): Promise<unknown> {
  const scene = new Scene();
  scene.ssc.checkpoint('memory:outlives');
  const kept: RDD<unknown>[] = [];
  build(scene.pairs).foreachRDD((rdd) => void kept.push(rdd));
  await scene.run(2);
  const [first] = kept;
  return first === undefined ? undefined : await look(first);
}

describe('an RDD that outlives its batch', () => {
  it('reads its input again', async () => {
    expect(await read((s) => s.map((x) => x))).toBe(3);
  });

  it.each<readonly [string, (rdd: RDD<unknown>) => Promise<unknown>]>([
    ['count', async (rdd) => await rdd.count()],
    ['collect', async (rdd) => await rdd.collect()],
  ])('is refused where it is a state that has moved on: %s', async (_, look) => {
    const looked = read(state, look);
    await expect(looked).rejects.toMatchObject({ code: 'STREAM_STATE_OUTDATED', params: { batch: 1000 } });
  });

  it('is there where the program asked for it', async () => {
    expect(await read((s) => state(s).cache())).toBe(3);
  });
});

describe('offset ranges', () => {
  it('are refused of an RDD that is not that of a Kafka stream itself', () => {
    expect(() => offsetRanges(new Scene().ssc.sparkContext.parallelize([1]))).toThrow('STREAM_NO_OFFSET_RANGES');
  });
});

describe('a graceful stop with a limit', () => {
  it.each([
    ['none', undefined, [1000, 2000, 3000]],
    ['one boundary', 1500, [1000, 2000]],
    ['less than a boundary', '500 ms', [1000]],
  ])('of %s lets so many boundaries still become batches', async (_, limit, times) => {
    const scene = new Scene(limit === undefined ? {} : { 'spark.streaming.gracefulStopTimeout': limit });
    const ran: number[] = [];
    scene.numbers.foreachRDD((__, time) => void ran.push(time));
    await scene.run(1);
    const stopping = scene.ssc.stop({ graceful: true });
    await scene.clock.advance(6000);
    await stopping;
    expect(ran).toEqual(times);
  });
});
