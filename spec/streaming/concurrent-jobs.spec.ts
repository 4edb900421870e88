import { afterEach, describe, expect, it } from '@jest/globals';
import { type BatchInfo, type Config, type DStream, ManualClock, StreamingContext } from '../../lib/index.ts';
import { nextTurn } from '../../lib/kernel/turns.ts';
import type { OffsetRange } from '../../lib/io/offsets.ts';
import type { PartitionRead, RecordBlock } from '../../lib/io/source.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { FakeSource } from '../helpers/fake-source.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

interface Scene {
  readonly clock: ManualClock;
  readonly ssc: StreamingContext;
  readonly s: DStream<number>;
  readonly log: string[];
}

function scene(concurrentJobs: number, config: Config = {}): Scene {
  const clock = new ManualClock();
  const ssc = new StreamingContext({
    appName: 'jobs',
    batchInterval: 1000,
    clock,
    config: { 'spark.streaming.concurrentJobs': concurrentJobs, ...config },
    openCheckpoint: new MemoryCheckpoints().open,
  });
  return { clock, ssc, s: ssc.queueStream([[1], [2]]), log: [] };
}

/** An output operation that takes so many turns of the event loop. */
function output({ s, log }: Scene, name: string, turns: number, fails = false): void {
  s.foreachRDD(async (_, time) => {
    log.push(`${time} ${name} begins`);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    if (fails) throw new RangeError(name);
    log.push(`${time} ${name} ends`);
  });
}

/** Refuses a read of a partition that is being read. */
class OneReader extends FakeSource {
  readonly #open = new Set<string>();

  override read(range: OffsetRange): readonly PartitionRead<string>[] {
    return super.read(range).map((read) => {
      const { partition, from, until } = read;
      return { partition, from, until, blocks: () => this.#alone(read) };
    });
  }

  async *#alone(read: PartitionRead<string>): AsyncGenerator<RecordBlock<string>> {
    if (this.#open.has(read.partition)) throw new RangeError(`${read.partition} is being read`);
    this.#open.add(read.partition);
    try {
      yield* read.blocks();
    } finally {
      this.#open.delete(read.partition);
    }
  }
}

describe('concurrentJobs', () => {
  it.each([
    [1, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']],
    [2, ['a begins', 'b begins', 'b ends', 'c begins', 'c ends', 'a ends']],
    [3, ['a begins', 'b begins', 'c begins', 'c ends', 'b ends', 'a ends']],
  ])('%i lets so many operations of a batch be at work, and batches stay in order', async (jobs, order) => {
    const all = scene(jobs);
    output(all, 'a', 30);
    output(all, 'b', 10);
    output(all, 'c', 2);
    await all.ssc.start();
    await all.clock.advance(2000);
    expect(all.log).toEqual([1000, 2000].flatMap((time) => order.map((entry) => `${time} ${entry}`)));
  });

  it('waits for what runs when one fails, begins no more, and commits nothing', async () => {
    const all = scene(2);
    output(all, 'a', 30);
    output(all, 'b', 2, true);
    output(all, 'c', 2);
    await all.ssc.start();
    await all.clock.advance(2000);
    await expect(all.ssc.awaitTermination()).rejects.toMatchObject({
      code: 'STREAM_OUTPUT_FAILED',
      where: { operator: 'queue/foreach-rdd#2', batchTime: 1000 },
    });
    expect(all.log).toEqual(['1000 a begins', '1000 b begins', '1000 a ends']);
  });

  it('reports of several failures that of the first operation', async () => {
    const all = scene(3);
    output(all, 'a', 30, true);
    output(all, 'b', 2, true);
    await all.ssc.start();
    await all.clock.advance(1000);
    await expect(all.ssc.awaitTermination()).rejects.toMatchObject({ cause: new RangeError('a') });
  });

  it("runs every operation by Spark's rules, whatever fails", async () => {
    const all = scene(2, { 'millrace.spark.compat': true });
    all.ssc.warn = () => undefined;
    output(all, 'a', 2, true);
    output(all, 'b', 10, true);
    output(all, 'c', 2);
    await all.ssc.start();
    await all.clock.advance(2000);
    expect(all.log.filter((entry) => entry.includes('c'))).toEqual([
      '1000 c begins',
      '1000 c ends',
      '2000 c begins',
      '2000 c ends',
    ]);
    await expect(all.ssc.awaitTermination()).rejects.toMatchObject({ cause: new RangeError('a') });
  });

  it('tells listeners of each operation with its own failure', async () => {
    const all = scene(2);
    const events: string[] = [];
    const infos: BatchInfo[] = [];
    all.ssc.addStreamingListener({
      onOutputOperationStarted: ({ outputOperationInfo: { id } }) => events.push(`started ${id}`),
      onOutputOperationCompleted: ({ outputOperationInfo: { id, failureReason } }) =>
        events.push(`completed ${id}${failureReason === undefined ? '' : ' failed'}`),
      onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo),
    });
    output(all, 'a', 10);
    output(all, 'b', 2, true);
    await all.ssc.start();
    await all.clock.advance(1000);
    expect(events).toEqual(['started 0', 'started 1', 'completed 1 failed', 'completed 0']);
    expect(infos[0]?.outputOperationInfos[0]?.failureReason).toBeUndefined();
    expect(infos[0]?.outputOperationInfos[1]?.failureReason).toContain('failed: b.');
    expect(infos[0]?.failureReason).toContain('STREAM_OUTPUT_FAILED');
  });

  it('gives operations that share a shuffle, a state and a window the same data', async () => {
    const results: unknown[] = [];
    for (const jobs of [1, 4]) {
      const all = scene(jobs);
      all.ssc.checkpoint('memory:jobs');
      all.ssc.warn = () => undefined;
      const state = all.s
        .map((x) => [x % 2, x] as const)
        .reduceByKey((a, b) => a + b)
        .updateStateByKey<number, number, number>((values, sum) => values.reduce((a, b) => a + b, sum ?? 0));
      const seen: unknown[] = [];
      for (const stream of [state, state.window(2000), state.count(), state.window(2000).map((x) => x)]) {
        const mine: unknown[] = [];
        seen.push(mine);
        (stream as DStream<unknown>).foreachRDD(async (rdd) => {
          await nextTurn();
          mine.push(await rdd.collect());
        });
      }
      results.push(seen);
      await run(all);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]).toContainEqual([[1], [2]]);
  });

  it.each([
    ['held', {}, ['a-0:0-5', 'a-1:0-5']],
    ['too large to hold', { 'millrace.source.heldBytes': 0 }, ['a-0:0-5', 'a-0:0-5', 'a-1:0-5', 'a-1:0-5']],
  ])('reads a partition of a source for one operation at a time, where it is %s', async (_, config, reads) => {
    const values = ['1', '2', '3', '4', '5'];
    const source = new OneReader({ 'a-0': [...values], 'a-1': [...values] });
    const all = scene(2, config);
    const s = all.ssc.inputStream('kafka', (step, slide) => new SourceInput(step, slide, source));
    const sums: number[] = [];
    for (const times of [1, 10]) {
      s.map((x) => Number(x) * times).foreachRDD(async (rdd) => void sums.push(await rdd.sum()));
    }
    await run(all);
    expect(sums.toSorted((a, b) => a - b)).toEqual([0, 0, 30, 300]);
    expect(source.reads.toSorted()).toEqual(reads);
  });

  it('of none is refused', () => {
    expect(() => scene(0)).toThrow('spark.streaming.concurrentJobs');
  });
});

async function run({ ssc, clock }: Scene): Promise<void> {
  await ssc.start();
  await clock.advance(2000);
  await ssc.stop();
}
