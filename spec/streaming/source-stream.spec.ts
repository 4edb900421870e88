import { afterEach, describe, expect, it } from '@jest/globals';
import { type BatchInfo, type Config, type DStream, ManualClock, StreamingContext } from '../../lib/index.ts';
import type { Offset } from '../../lib/io/offsets.ts';
import { kafkaRates } from '../../lib/streaming/kafka-rates.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { FakeSource } from '../helpers/fake-source.ts';

interface Program {
  readonly ssc: StreamingContext;
  readonly s: DStream<string>;
  readonly out: [time: number, records: string[]][];
  readonly infos: BatchInfo[];
}

const checkpoints = { current: new MemoryCheckpoints() };

async function programOn(
  source: FakeSource,
  clock: ManualClock,
  build: (s: DStream<string>, out: [number, string[]][]) => void = recordAll,
  config: Config = {},
): Promise<Program> {
  const out: [number, string[]][] = [];
  const infos: BatchInfo[] = [];
  let s: DStream<string> | undefined;
  const ssc = await StreamingContext.getOrCreate('memory:source', () => {
    const made = new StreamingContext({
      appName: 'source',
      batchInterval: 1000,
      clock,
      config,
      openCheckpoint: checkpoints.current.open,
    });
    made.warn = () => undefined;
    s = made.inputStream('fake', (step, slide) => new SourceInput(step, slide, source));
    build(s, out);
    return made;
  });
  ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
  return { ssc, s: s as DStream<string>, out, infos };
}

function recordAll(s: DStream<string>, out: [number, string[]][]): void {
  s.foreachRDD(async (rdd, time) => {
    out.push([time, await rdd.collect()]);
  });
}

function countTwice(s: DStream<string>): void {
  s.map((x) => x).foreachRDD(async (rdd) => void (await rdd.count()));
  s.filter(() => true).foreachRDD(async (rdd) => void (await rdd.count()));
}

function countAndWindow(s: DStream<string>, out: [number, string[]][]): void {
  s.foreachRDD(async (rdd) => void (await rdd.count()));
  recordAll(s.window(3000, 3000), out);
}

function windows(s: DStream<string>, out: [number, string[]][]): void {
  recordAll(s.window(2000, 2000), out);
}

function contextOf(source: FakeSource, told: string[], opens = true): StreamingContext {
  const ssc = new StreamingContext({
    appName: 'source',
    batchInterval: 1000,
    clock: new ManualClock(),
    openCheckpoint: async (directory, options) => {
      told.push('store');
      if (!opens) throw new Error('it is locked');
      return await checkpoints.current.open(directory, options);
    },
  });
  ssc.checkpoint('memory:prepared');
  recordAll(
    ssc.inputStream('fake', (step, slide) => new SourceInput(step, slide, source)),
    [],
  );
  return ssc;
}

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  checkpoints.current = new MemoryCheckpoints();
});

describe('a stream of a source', () => {
  it('covers in each batch what came since the last', async () => {
    const source = new FakeSource({ 'a-0': ['1', '2'], 'a-1': ['3'] });
    const clock = new ManualClock();
    const { ssc, out } = await programOn(source, clock);
    await ssc.start();
    await clock.advance(1000);
    source.append('a-1', '4', '5');
    await clock.advance(2000);
    expect(out).toEqual([
      [1000, ['1', '2', '3']],
      [2000, ['4', '5']],
      [3000, []],
    ]);
  });

  describe('begins to connect', () => {
    class SlowSource extends FakeSource {
      private readonly told: string[];
      private readonly fails: boolean;

      constructor(told: string[], fails = false) {
        super({ 'a-0': ['1'] });
        this.told = told;
        this.fails = fails;
      }

      prepare(): void {
        this.told.push('prepare');
      }

      override async open(from: Offset | undefined): Promise<Offset> {
        this.told.push('open');
        if (this.fails) throw new Error('it is away');
        return await super.open(from);
      }

      override async close(): Promise<void> {
        this.told.push('close');
        await super.close();
      }
    }

    it('before the store is opened, which takes its time, too', async () => {
      const told: string[] = [];
      const ssc = contextOf(new SlowSource(told), told);
      await ssc.start();
      await ssc.stop();
      expect(told).toEqual(['prepare', 'store', 'open', 'close']);
    });

    it('and is closed where the store cannot be opened', async () => {
      const told: string[] = [];
      const ssc = contextOf(new SlowSource(told), told, false);
      await expect(ssc.start()).rejects.toThrow('it is locked');
      expect(told).toEqual(['prepare', 'store', 'close']);
    });

    it('and is closed where it cannot be opened itself', async () => {
      const told: string[] = [];
      const ssc = contextOf(new SlowSource(told, true), told);
      await expect(ssc.start()).rejects.toThrow('it is away');
      expect(told).toEqual(['prepare', 'store', 'open', 'close']);
    });
  });

  it('may be read from its beginning before the first batch is planned, but not after a restart, where batches of before may come first', async () => {
    const told: Offset[] = [];
    class EagerSource extends FakeSource {
      readAhead(from: Offset): void {
        told.push(from);
      }
    }
    const source = new EagerSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const first = await programOn(source, clock);
    await first.ssc.start();
    await clock.advance(1000);
    await first.ssc.stop();
    const second = await programOn(source, new ManualClock());
    await second.ssc.start();
    expect(told).toEqual([{ 'a-0': 0 }]);
  });

  it('reads a range once when several chains use it, and again when it is too large to hold', async () => {
    const held = new FakeSource({ 'a-0': ['1', '2', '3'] });
    const clock = new ManualClock();
    const first = await programOn(held, clock, countTwice);
    await first.ssc.start();
    await clock.advance(1000);
    await first.ssc.stop();
    expect(held.reads).toEqual(['a-0:0-3']);
    checkpoints.current = new MemoryCheckpoints();
    const large = new FakeSource({ 'a-0': ['1', '2', '3'] });
    const second = await programOn(large, clock, countTwice, { 'millrace.source.heldBytes': 250 });
    await second.ssc.start();
    await clock.advance(1000);
    expect(large.reads).toEqual(['a-0:0-3', 'a-0:0-3']);
  });

  it('does not read for a batch that no operation needs; the records land in the next that does', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const { ssc, out } = await programOn(source, clock, (s, into) => {
      recordAll(s.window(1000, 2000), into);
    });
    await ssc.start();
    await clock.advance(1000);
    expect(source.asked).toBe(0);
    source.append('a-0', '2');
    await clock.advance(1000);
    expect(out).toEqual([[2000, ['1', '2']]]);
  });

  it('gives the first of several late batches everything and the others nothing', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const first = new ManualClock();
    const program = await programOn(source, first);
    await program.ssc.start();
    await first.advance(1000);
    await program.ssc.stop();
    source.append('a-0', '2', '3');
    const clock = new ManualClock(4500);
    const again = await programOn(source, clock);
    await again.ssc.start();
    await clock.idle();
    await clock.advance(500);
    expect(again.out).toEqual([
      [2000, ['2', '3']],
      [3000, []],
      [4000, []],
      [5000, []],
    ]);
    expect(again.infos.map(({ isCatchUp, numRecords }) => [isCatchUp, numRecords])).toEqual([
      [true, 2],
      [true, 0],
      [true, 0],
      [false, 0],
    ]);
  });

  it('gives everything to the first late batch that reads it, also when boundaries without one come before', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const first = new ManualClock();
    const program = await programOn(source, first, windows);
    await program.ssc.start();
    await first.advance(2000);
    await program.ssc.stop();
    source.append('a-0', '2', '3');
    const clock = new ManualClock(8500);
    const again = await programOn(source, clock, windows);
    await again.ssc.start();
    await clock.idle();
    expect(again.out).toEqual([
      [4000, ['2', '3']],
      [6000, []],
      [8000, []],
    ]);
  });

  it('reads the same range again in a batch that was in flight, whatever came meanwhile', async () => {
    const source = new FakeSource({ 'a-0': ['1', '2'] });
    const clock = new ManualClock();
    const attempts: number[] = [];
    let fails = true;
    const build = (s: DStream<string>, into: [number, string[]][]): void => {
      recordAll(s, into);
      s.foreachRDD(() => {
        if (fails) throw new RangeError('no luck');
      });
      s.context.setPrinter((_, { attempt }) => void attempts.push(attempt));
      s.print();
    };
    const first = await programOn(source, clock, build);
    await first.ssc.start();
    await clock.advance(1000);
    await expect(first.ssc.awaitTermination()).rejects.toMatchObject({
      code: 'STREAM_OUTPUT_FAILED',
      where: { batchTime: 1000, operator: 'fake/foreach-rdd#2' },
    });
    expect(first.ssc.getState()).toBe('STOPPED');
    fails = false;
    source.append('a-0', '3');
    const second = await programOn(source, clock, build);
    await second.ssc.start();
    await clock.idle();
    await clock.advance(1000);
    expect(second.out).toEqual([
      [1000, ['1', '2']],
      [2000, ['3']],
    ]);
    expect(attempts).toEqual([2, 1]);
  });

  it('tells the source what is durable, and commits what the program asks for', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const { ssc } = await programOn(source, clock);
    await ssc.start();
    await clock.advance(1000);
    expect(source.committed).toEqual([{ 'a-0': 1 }]);
    await ssc.stop();
    expect(source.isClosed).toBe(true);
  });

  it.each<readonly [string, Config, number | undefined]>([
    ['the fixed rate of a partition', { 'spark.streaming.kafka.maxRatePerPartition': 3 }, 3],
    ['no limit unless told', {}, undefined],
  ])('takes %s', async (_, config, most) => {
    const source = new FakeSource({ 'a-0': ['1', '2', '3', '4', '5'] });
    const clock = new ManualClock();
    const { ssc, out } = await programOn(source, clock, recordAll, config);
    await ssc.start();
    await clock.advance(1000);
    expect(source.limits[0]?.maxRecordsPerPartition).toBe(most);
    expect(out[0]?.[1]).toHaveLength(most ?? 5);
  });

  it('takes what a function says of each partition', async () => {
    const source = new FakeSource({ 'a-0': ['1', '2', '3'], 'b-c-1': ['4', '5', '6'], 'd-0': ['7', '8'] });
    const asked: [string, number][] = [];
    const rates = kafkaRates({
      brokers: 'x:1',
      maxRatePerPartition: (topic, partition) => {
        asked.push([topic, partition]);
        return topic === 'a' ? 1 : topic === 'd' ? 0 : 2;
      },
    });
    const clock = new ManualClock();
    const ssc = new StreamingContext({ appName: 'rates', batchInterval: 1000, clock });
    const out: [number, string[]][] = [];
    recordAll(
      ssc.inputStream('fake', (step, slide) => new SourceInput(step, slide, source, rates)),
      out,
    );
    await ssc.start();
    await clock.advance(1000);
    expect(out).toEqual([[1000, ['1', '4', '5', '7', '8']]]);
    expect(asked).toEqual([
      ['a', 0],
      ['b-c', 1],
      ['d', 0],
    ]);
  });

  it.each([
    [{ maxRatePerPartition: 0 }, 'maxRatePerPartition'],
    [{ maxRatePerPartition: 1.5 }, 'maxRatePerPartition'],
    [{ minRatePerPartition: -1 }, 'minRatePerPartition'],
  ])('refuses the rates %j', (rates, name) => {
    expect(() => kafkaRates({ brokers: 'x:1', ...rates })).toThrow(name);
  });

  it('fails a batch whose rate is no number, by the name of the partition', () => {
    const most = kafkaRates({ brokers: 'x:1', maxRatePerPartition: () => Number.NaN }).maxRatePerPartition;
    expect(() => (most as (name: string) => number)('t-3')).toThrow('maxRatePerPartition of t-3');
  });

  it('stops with the error of a source that cannot say where it ends', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const { ssc } = await programOn(source, clock);
    await ssc.start();
    source.failure = new RangeError('gone');
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code: 'STREAM_BATCH_FAILED',
      where: { batchTime: 1000 },
    });
  });

  it('leaves no checkpoint behind when the first start fails, so that the next one begins anew', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    source.failure = new RangeError('away');
    const failing = await programOn(source, new ManualClock());
    await expect(failing.ssc.start()).rejects.toThrow('away');
    source.failure = undefined;
    const clock = new ManualClock(5000);
    const { ssc, out } = await programOn(source, clock);
    await ssc.start();
    await clock.advance(1000);
    expect(out).toEqual([[6000, ['1']]]);
  });

  it('refuses a checkpoint that it was not asked to continue', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const { ssc } = await programOn(source, clock);
    await ssc.start();
    await clock.advance(1000);
    await ssc.stop();
    const other = new StreamingContext({
      appName: 'source',
      batchInterval: 1000,
      clock,
      openCheckpoint: checkpoints.current.open,
    });
    other.checkpoint('memory:source');
    other.inputStream('fake', (step, slide) => new SourceInput(step, slide, source)).print();
    await expect(other.start()).rejects.toMatchObject({ code: 'CHECKPOINT_EXISTS', exitCode: 4 });
  });

  it('keeps ranges that a later window still needs over a restart', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const first = await programOn(source, clock, countAndWindow);
    await first.ssc.start();
    await clock.advance(1000);
    source.append('a-0', '2');
    await clock.advance(1000);
    await first.ssc.stop();
    source.append('a-0', '3');
    const second = await programOn(source, clock, countAndWindow);
    await second.ssc.start();
    await clock.advance(1000);
    expect(second.out).toEqual([[3000, ['1', '2', '3']]]);
  });
});

describe('a day of empty batches', () => {
  it('is caught up, every boundary a batch; commits are shared until the last 120, which have their own', async () => {
    const source = new FakeSource({ 'a-0': ['1'] });
    const clock = new ManualClock();
    const program = await programOn(source, clock);
    await program.ssc.start();
    await clock.advance(1000);
    await program.ssc.stop();
    const later = new ManualClock(2_001_000);
    const again = await programOn(source, later);
    await again.ssc.start();
    await later.idle();
    expect(again.out).toHaveLength(2000);
    expect(again.out.at(-1)).toEqual([2_001_000, []]);
    expect(source.committed.length).toBeGreaterThanOrEqual(120);
    expect(source.committed.length).toBeLessThan(140);
  });
});
