import { afterEach, describe, expect, it } from '@jest/globals';
import { type BatchInfo, InputDStream, ManualClock, type RDD, StreamingContext } from '../../lib/index.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';

/** Gives its own batch time, except at even seconds. */
class Times extends InputDStream<number> {
  readonly calls: string[] = [];

  start(): void {
    this.calls.push('start');
  }

  stop(): void {
    this.calls.push('stop');
  }

  compute(time: number): RDD<number> | null {
    this.calls.push(`compute ${time}`);
    if (time % 2000 === 0) return null;
    this.reportInfo(time, 1, { note: `at ${time}` });
    return this.context.sparkContext.parallelize([time], 1);
  }
}

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

function contextOn(clock: ManualClock): StreamingContext {
  return new StreamingContext({
    appName: 'times',
    batchInterval: 1000,
    clock,
    openCheckpoint: new MemoryCheckpoints().open,
  });
}

describe('InputDStream', () => {
  it('is a stream of what compute gives, called once for each batch time, in order', async () => {
    const clock = new ManualClock();
    const ssc = contextOn(clock);
    const input = new Times(ssc);
    const out: string[] = [];
    for (const name of ['a', 'b']) {
      input
        .map((time) => time + 1)
        .foreachRDD(async (rdd, at) => {
          out.push(`${name} ${at}: ${(await rdd.collect()).join()}`);
        });
    }
    const infos: BatchInfo[] = [];
    ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
    await ssc.start();
    await clock.advance(3000);
    await ssc.stop();
    expect(out).toEqual(['a 1000: 1001', 'b 1000: 1001', 'a 3000: 3001', 'b 3000: 3001']);
    expect(input.calls).toEqual(['start', 'compute 1000', 'compute 2000', 'compute 3000', 'stop']);
    expect(infos.map(({ batchTime, numRecords }) => [batchTime, numRecords])).toEqual([
      [1000, 1],
      [3000, 1],
    ]);
    expect(infos[0]?.streamIdToInputInfo[0]?.metadata).toEqual({ note: 'at 1000' });
  });

  it.each<[what: string, compute: () => unknown, code: string]>([
    ['fails', () => JSON.parse('{'), 'STREAM_FUNCTION_FAILED'],
    ['fails later', async () => await Promise.reject(new TypeError('late')), 'STREAM_FUNCTION_FAILED'],
    ['gives no RDD', () => [1], 'STREAM_TRANSFORM_RESULT'],
  ])('names the input and the batch when compute %s', async (_, compute, code) => {
    class Faulty extends Times {
      override compute(): RDD<number> | null {
        return compute() as RDD<number> | null;
      }
    }
    const clock = new ManualClock();
    const ssc = contextOn(clock);
    new Faulty(ssc).name('faulty').print();
    await ssc.start();
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code,
      where: { operator: 'faulty', batchTime: 1000 },
    });
  });

  it('is asked again after a restart for the batch that was planned and not committed', async () => {
    const clock = new ManualClock();
    const checkpoints = new MemoryCheckpoints();
    let fails = true;
    const out: number[] = [];
    let input: Times | undefined;
    const start = async (): Promise<StreamingContext> => {
      const ssc = await StreamingContext.getOrCreate('memory:times', () => {
        const made = new StreamingContext({
          appName: 'times',
          batchInterval: 1000,
          clock,
          openCheckpoint: checkpoints.open,
        });
        made.warn = () => undefined;
        input = new Times(made);
        input
          .map((time) => (fails ? (JSON.parse('{') as number) : time))
          .foreachRDD(async (rdd) => void out.push(...(await rdd.collect())));
        return made;
      });
      await ssc.start();
      return ssc;
    };
    const first = await start();
    await clock.advance(1000);
    await first.awaitTermination().catch(() => undefined);
    fails = false;
    await start();
    await clock.advance(2000);
    expect(out).toEqual([1000, 3000]);
    expect(input?.calls).toEqual(['start', 'compute 1000', 'compute 2000', 'compute 3000']);
  });

  it.each([
    ['is said at start where there is a checkpoint', true, false, 1],
    ['is not said of one that gives the same', true, true, 0],
    ['is not said without a checkpoint', false, false, 0],
  ])('that may give something else after a crash %s', async (_, hasCheckpoint, isRepeatable, warned) => {
    class Told extends Times {
      protected override get isRepeatable(): boolean {
        return isRepeatable;
      }
    }
    const ssc = contextOn(new ManualClock());
    const warnings: string[] = [];
    ssc.warn = (text) => warnings.push(text);
    if (hasCheckpoint) ssc.checkpoint('memory:told');
    new Told(ssc).foreachRDD(() => undefined);
    await ssc.start();
    expect(warnings.filter((text) => text.includes('STREAM_INPUT_MAY_DIFFER') && text.includes('input'))).toHaveLength(
      warned,
    );
  });

  it('needs a context', () => {
    expect(() => new Times({} as StreamingContext)).toThrow('[STREAM_ARGUMENT] InputDStream cannot take');
  });

  it('cannot be added once the context has started', async () => {
    const clock = new ManualClock();
    const ssc = contextOn(clock);
    new Times(ssc).print();
    await ssc.start();
    expect(() => new Times(ssc)).toThrow('[STREAM_GRAPH_FROZEN]');
  });
});
