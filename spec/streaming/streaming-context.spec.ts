import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type BatchInfo,
  type Config,
  type DStream,
  ManualClock,
  MillraceError,
  StateSpec,
  StreamingContext,
  type StreamingListener,
} from '../../lib/index.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { gate } from '../helpers/gate.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

interface Scene {
  readonly clock: ManualClock;
  readonly ssc: StreamingContext;
  readonly warnings: string[];
}

function scene(config: Config = {}, startMs = 0, batchInterval = 1000): Scene {
  const clock = new ManualClock(startMs);
  const warnings: string[] = [];
  const { open } = new MemoryCheckpoints();
  const ssc = new StreamingContext({ appName: 'test', batchInterval, clock, config, openCheckpoint: open });
  ssc.warn = (text) => warnings.push(text);
  return { clock, ssc, warnings };
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof MillraceError ? error.code : String(error);
  }
  return undefined;
}

describe('batch times', () => {
  it.each([
    ['on a boundary', 3000, 1000, [4000, 5000]],
    ['between boundaries', 3400, 1000, [4000, 5000]],
    ['with an interval that is no divisor of the epoch', 1000, 700, [1400, 2100]],
  ])('follow the interval when started %s', async (_, startMs, interval, expected) => {
    const { clock, ssc } = scene({}, startMs, interval);
    const times: number[] = [];
    ssc.queueStream<number>([]).foreachRDD((__, time) => void times.push(time));
    await ssc.start();
    await clock.advance(interval * 2 - (startMs % interval));
    expect(times).toEqual(expected);
  });

  it('count slides from the zero time, not from the epoch', async () => {
    const { clock, ssc } = scene({}, 1234);
    const times: number[] = [];
    ssc
      .queueStream<number>([])
      .window(2000, 2000)
      .foreachRDD((_, time) => void times.push(time));
    await ssc.start();
    await clock.advance(6000);
    expect(times).toEqual([3000, 5000, 7000]);
  });
});

describe('a failed batch', () => {
  it('stops the context, and no later batch runs', async () => {
    const { clock, ssc } = scene();
    const times: number[] = [];
    ssc.queueStream([[1], [2], [3]]).foreachRDD(async (rdd, time) => {
      await rdd.map((x) => (x === 2 ? JSON.parse('{') : x) as number).collect();
      times.push(time);
    });
    await ssc.start();
    await clock.advance(5000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code: 'RDD_FUNCTION_FAILED',
      where: { batchTime: 2000, operator: 'queue/foreach-rdd/map' },
      cause: expect.any(SyntaxError),
    });
    expect(times).toEqual([1000]);
    expect(ssc.getState()).toBe('STOPPED');
  });

  it('keeps the later operations of its batch from running', async () => {
    const { clock, ssc } = scene();
    const ran: string[] = [];
    const s = ssc.queueStream([[1]]);
    s.foreachRDD(() => {
      ran.push('first');
      throw new RangeError('no');
    });
    s.foreachRDD(() => void ran.push('second'));
    await ssc.start();
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({ code: 'STREAM_OUTPUT_FAILED' });
    expect(ran).toEqual(['first']);
  });

  it('names a rejected promise like a thrown error', async () => {
    const { clock, ssc } = scene();
    ssc.queueStream([[1]]).foreachRDD(async () => {
      await Promise.reject(new RangeError('later'));
    });
    await ssc.start();
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toThrow(
      /foreachRDD failed: later.*operator queue\/foreach-rdd, batch 1000 ms/u,
    );
  });

  it('tells listeners why', async () => {
    const { clock, ssc } = scene();
    const infos: BatchInfo[] = [];
    ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
    ssc.queueStream([[1]]).foreachRDD(() => {
      throw new RangeError('no');
    });
    await ssc.start();
    await clock.advance(1000);
    expect(infos.map(({ failureReason }) => failureReason)).toEqual([expect.stringContaining('STREAM_OUTPUT_FAILED')]);
    expect(infos[0]?.outputOperationInfos[0]?.failureReason).toContain('no');
  });
});

describe('stop', () => {
  it('finishes the running batch and drops those that wait', async () => {
    const { clock, ssc } = scene();
    const running = gate();
    const ended: number[] = [];
    ssc.queueStream<number>([]).foreachRDD(async (_, time) => {
      await running.passed;
      ended.push(time);
    });
    await ssc.start();
    void clock.advance(1000);
    await settled();
    const stopping = ssc.stop();
    await settled();
    expect(ssc.getState()).toBe('ACTIVE');
    running.open();
    await stopping;
    expect(ended).toEqual([1000]);
    expect(ssc.getState()).toBe('STOPPED');
  });

  it('drops a batch that does not end within the limit', async () => {
    // The clock of this context goes on while the batch hangs.
    const { ssc, warnings } = scene({ 'millrace.stop.timeout': 1 });
    const clock = ssc.clock as ManualClock;
    clock.hold = () => undefined;
    ssc.queueStream<number>([]).foreachRDD(async () => {
      await gate().passed;
    });
    await ssc.start();
    await clock.advance(1000);
    const stopping = ssc.stop();
    await settled();
    await clock.advance(1);
    await stopping;
    expect(ssc.getState()).toBe('STOPPED');
    expect(warnings.join()).toContain('dropped');
    await ssc.awaitTermination();
  });

  it('wakes everyone who waits for the end', async () => {
    const { ssc } = scene();
    ssc.queueStream<number>([]).print();
    await ssc.start();
    const waiting = [ssc.awaitTermination(), ssc.awaitTerminationOrTimeout(60_000)];
    await ssc.stop();
    expect(await Promise.all(waiting)).toEqual([undefined, true]);
  });

  it('is refused from within a listener', async () => {
    const { clock, ssc, warnings } = scene();
    const codes: unknown[] = [];
    ssc.addStreamingListener({
      onBatchCompleted: () => {
        ssc.stop().catch((error: unknown) => codes.push((error as MillraceError).code));
      },
    });
    ssc.queueStream<number>([]).foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(1000);
    expect(codes).toEqual(['STREAM_STOP_IN_LISTENER']);
    expect(warnings).toEqual([]);
  });
});

describe('an output operation with a limit', () => {
  it('fails its batch when the time is up', async () => {
    const { ssc } = scene({ 'millrace.output.timeout': '2 seconds' });
    const clock = ssc.clock as ManualClock;
    clock.hold = () => undefined;
    ssc.queueStream<number>([]).foreachRDD(async () => {
      await gate().passed;
    });
    await ssc.start();
    await clock.advance(1000);
    await settled();
    await clock.advance(2000);
    await settled();
    await expect(ssc.awaitTermination()).rejects.toMatchObject({ code: 'STREAM_OUTPUT_TIMEOUT' });
  });
});

describe('listeners', () => {
  it('are told of a batch with its delays and records', async () => {
    const { clock, ssc } = scene();
    const infos: BatchInfo[] = [];
    ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
    ssc.queueStream([[1, 2, 3]]).foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(1000);
    expect(infos[0]).toMatchObject({
      batchTime: 1000,
      streamIdToInputInfo: { 0: { inputStreamId: 0, numRecords: 3 } },
      submissionTime: 1000,
      processingStartTime: 1000,
      processingEndTime: 1000,
      schedulingDelay: 0,
      processingDelay: 0,
      totalDelay: 0,
      outputOperationInfos: { 0: { id: 0, name: 'foreachRDD', description: 'queue/foreach-rdd', duration: 0 } },
    });
  });

  it('hear nothing of a batch without any job', async () => {
    const { clock, ssc } = scene();
    const events: number[] = [];
    ssc.addStreamingListener({ onBatchSubmitted: ({ batchInfo }) => events.push(batchInfo.batchTime) });
    ssc
      .queueStream<number>([])
      .window(2000, 2000)
      .foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(4000);
    expect(events).toEqual([2000, 4000]);
  });

  it('that throw are reported, and the others still hear', async () => {
    const { clock, ssc, warnings } = scene();
    const heard: number[] = [];
    ssc.addStreamingListener({
      onBatchCompleted: () => {
        throw new RangeError('my own fault');
      },
    });
    const second: StreamingListener = { onBatchCompleted: ({ batchInfo }) => heard.push(batchInfo.batchTime) };
    ssc.addStreamingListener(second);
    ssc.queueStream<number>([]).foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(1000);
    ssc.removeStreamingListener(second);
    await clock.advance(1000);
    expect(heard).toEqual([1000]);
    expect(warnings[0]).toContain('my own fault');
  });
});

const counting = StateSpec.function<string, number, number, number>((_key, _value, state) => state.getOption() ?? 0);

function pairsOf(ssc: StreamingContext): DStream<readonly [string, number]> {
  return ssc.queueStream([['a', 1]]).map(() => ['a', 1] as const);
}

describe('what a program asks for wrongly', () => {
  it.each<readonly [string, string, (ssc: StreamingContext) => unknown]>([
    [
      'a name twice',
      'STREAM_NAME_TAKEN',
      (ssc) => [ssc.queueStream([[1]]).name('a'), ssc.queueStream([[1]]).name('a')],
    ],
    ['a name with a blank at its end', 'CONFIG_VALUE', (ssc) => ssc.queueStream([[1]]).name('a ')],
    ['a negative number of elements to print', 'CONFIG_VALUE', (ssc) => ssc.queueStream([[1]]).print(-1)],
    [
      'no partitions',
      'CONFIG_VALUE',
      (ssc) =>
        ssc
          .queueStream([['a', 1] as const])
          .map(() => [1, 1])
          .reduceByKey((a) => a, 0),
    ],
    ['no function', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]]).map(null as never)],
    ['no function for an output', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]]).foreachRDD(undefined as never)],
    ['an async function on elements', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]]).map(async (x) => x)],
    [
      'an option of a state that does not exist',
      'STREAM_ARGUMENT',
      (ssc) =>
        ssc
          .queueStream([[1]])
          .map(() => [1, 1])
          .updateStateByKey(() => 1, { touchOnly: true } as never),
    ],
    [
      'an option of a window that does not exist',
      'STREAM_ARGUMENT',
      (ssc) =>
        ssc
          .queueStream([['a', 1] as const])
          .map(() => [1, 1])
          .reduceByKeyAndWindow(Math.max, Math.min, 1000, 1000, { filtr: 1 } as never),
    ],
    [
      'no specification',
      'STREAM_ARGUMENT',
      (ssc) =>
        ssc
          .queueStream([[1]])
          .map(() => [1, 1])
          .mapWithState((() => 1) as never),
    ],
    ['a specification of nothing', 'STREAM_ARGUMENT', () => StateSpec.function(undefined as never)],
    ['no stream', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]]).union(null as never)],
    ['no list of streams', 'STREAM_ARGUMENT', (ssc) => ssc.union(undefined as never)],
    ['no length of a window', 'CONFIG_DURATION', (ssc) => ssc.queueStream([[1]]).window(undefined as never)],
    ['no prefix', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]]).saveAsTextFiles(undefined as never)],
    ['no options of Kafka', 'STREAM_ARGUMENT', (ssc) => ssc.kafkaStream(undefined as never)],
    ['no options of a context', 'STREAM_ARGUMENT', () => new StreamingContext(undefined as never)],
    [
      'an option of a context that does not exist',
      'STREAM_ARGUMENT',
      () => new StreamingContext({ appName: 'a', batchInterval: 1000, checkpointDir: 'x' } as never),
    ],
    ['no interval', 'CONFIG_DURATION', () => new StreamingContext({ appName: 'a' } as never)],
    ['a negative interval', 'CONFIG_DURATION', () => new StreamingContext({ appName: 'a', batchInterval: -1 })],
    ['no partitions to deal out to', 'RDD_ARGUMENT', (ssc) => ssc.queueStream([[1]]).repartition(0)],
    ['no partitions of a queue', 'RDD_ARGUMENT', (ssc) => ssc.queueStream([[1]], { numPartitions: 0 })],
    [
      'an option of a queue that does not exist',
      'STREAM_ARGUMENT',
      (ssc) => ssc.queueStream([[1]], { once: 1 } as never),
    ],
    ['no options of a queue', 'STREAM_ARGUMENT', (ssc) => ssc.queueStream([[1]], null as never)],
    ['no list to parallelize', 'RDD_ARGUMENT', (ssc) => ssc.sparkContext.parallelize(null as never)],
    ['no pairs of a state', 'STREAM_ARGUMENT', () => counting.initialState(5 as never)],
    ['no pairs in the list of a state', 'STREAM_ARGUMENT', () => counting.initialState([['a', 1], ['b'] as never])],
    ['a partitioner of a state that is none', 'RDD_ARGUMENT', () => counting.partitioner({} as never)],
    ['no partitions of a state', 'CONFIG_VALUE', () => counting.numPartitions(0)],
    ['no timeout of a state', 'CONFIG_DURATION', () => counting.timeout(-1)],
    [
      'an initial state that is no list',
      'STREAM_ARGUMENT',
      (ssc) => pairsOf(ssc).updateStateByKey(() => 1, { initialState: 'a' as never }),
    ],
    [
      'a partitioner that is none',
      'RDD_ARGUMENT',
      (ssc) => pairsOf(ssc).updateStateByKey(() => 1, { partitioner: (() => 0) as never }),
    ],
    ['no partitioner', 'RDD_ARGUMENT', (ssc) => pairsOf(ssc).groupByKey('3' as never)],
    [
      'an inverse that waits',
      'STREAM_ARGUMENT',
      (ssc) => pairsOf(ssc).reduceByKeyAndWindow((a) => a, (async (a: number) => a) as never, 1000),
    ],
    [
      'a filter of a window that is none',
      'STREAM_ARGUMENT',
      (ssc) =>
        pairsOf(ssc).reduceByKeyAndWindow(
          (a) => a,
          (a) => a,
          1000,
          1000,
          2,
          5 as never,
        ),
    ],
    ['a negative window', 'CONFIG_DURATION', (ssc) => ssc.queueStream([[1]]).window(-1000)],
    ['a negative slide', 'CONFIG_DURATION', (ssc) => ssc.queueStream([[1]]).countByWindow(1000, -1000)],
    ['no checkpoint directory', 'STREAM_ARGUMENT', (ssc) => ssc.checkpoint(null as never)],
    ['an empty checkpoint directory', 'STREAM_ARGUMENT', (ssc) => ssc.checkpoint('')],
    ['no checkpoint interval', 'CONFIG_DURATION', (ssc) => ssc.queueStream([[1]]).checkpoint(null as never)],
    ['a negative time to remember', 'CONFIG_DURATION', (ssc) => ssc.remember(-1)],
    ['no listener', 'STREAM_ARGUMENT', (ssc) => ssc.addStreamingListener(null as never)],
    ['no printer', 'STREAM_ARGUMENT', (ssc) => ssc.setPrinter(null as never)],
    ['no name', 'CONFIG_VALUE', (ssc) => ssc.queueStream([[1]]).name(null as never)],
    ['no calls at a time', 'RDD_ARGUMENT', (ssc) => ssc.queueStream([[1]]).mapAsync((x) => x, { concurrency: 0 })],
    [
      'an option of combineByKey that does not exist',
      'STREAM_ARGUMENT',
      (ssc) =>
        pairsOf(ssc).combineByKey(
          (v) => v,
          (a) => a,
          (a) => a,
          2,
          { mapSide: false } as never,
        ),
    ],
    ['no folder', 'CONFIG_VALUE', (ssc) => ssc.textFileStream(null as never)],
    [
      'an option of a file stream that does not exist',
      'STREAM_ARGUMENT',
      (ssc) => ssc.fileStream('a', { filtr: 1 } as never),
    ],
    ['a filter of files that is none', 'STREAM_ARGUMENT', (ssc) => ssc.fileStream('a', { filter: 'x' as never })],
    ['records of no length', 'CONFIG_VALUE', (ssc) => ssc.binaryRecordsStream('a', 0)],
    ['no host', 'CONFIG_VALUE', (ssc) => ssc.socketTextStream(null as never, 9999)],
    ['no port', 'CONFIG_VALUE', (ssc) => ssc.socketTextStream('localhost', 0)],
    ['no receiver', 'CONFIG_VALUE', (ssc) => ssc.receiverStream({} as never)],
    ['no function over streams', 'STREAM_ARGUMENT', (ssc) => ssc.transform([ssc.queueStream([[1]])], null as never)],
    ['no stream to join', 'STREAM_ARGUMENT', (ssc) => pairsOf(ssc).join([['a', 1]] as never)],
    [
      'no stream to transform with',
      'STREAM_ARGUMENT',
      (ssc) => pairsOf(ssc).transformWith(null as never, (rdd) => rdd),
    ],
  ])('%s is refused when the stream is built', (_, code, act) => {
    expect(codeOf(() => act(scene().ssc))).toBe(code);
  });

  it('what is asked of a context later is refused, too', async () => {
    const { ssc } = scene();
    const s = ssc.queueStream([[1]]);
    s.print();
    await expect(StreamingContext.getOrCreate('', () => ssc)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
    await expect(StreamingContext.getOrCreate('a', null as never)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
    await expect(ssc.stop({ gracefully: true } as never)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
    await expect(ssc.awaitTerminationOrTimeout(-1)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
    await expect(s.slice('a' as never, 1000)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
    await expect(s.slice({ beginTime: 1000 } as never)).rejects.toMatchObject({ code: 'STREAM_ARGUMENT' });
  });

  it.each<readonly [Config, string, string]>([
    [{ 'spark.streaming.backpresure.enabled': true }, 'CONFIG_UNKNOWN_KEY', 'spark.streaming.backpressure.enabled'],
    [{ 'spark.default.parallelism': 0 }, 'CONFIG_VALUE', 'a whole number from 1'],
    [{ 'spark.streaming.backpressure.rateEstimator': 'mine' }, 'CONFIG_VALUE', 'pid'],
    [{ 'millrace.spark.compat': 'yes' }, 'CONFIG_VALUE', 'true or false'],
  ])('%j is refused with what would do', (config, code, mend) => {
    expect(codeOf(() => scene(config))).toBe(code);
    expect(() => scene(config)).toThrow(mend);
  });

  it('settings that nothing acts on are named at start', async () => {
    const { ssc, warnings } = scene({ 'spark.streaming.unpersist': true });
    ssc.queueStream<number>([]).print();
    await ssc.start();
    expect(warnings).toEqual([expect.stringContaining('spark.streaming.unpersist')]);
  });
});

function never(): StreamingContext {
  throw new RangeError('not asked for');
}

describe('the active context', () => {
  it('is the one that was started, until it stops', async () => {
    const { ssc } = scene();
    ssc.queueStream<number>([]).print();
    expect(StreamingContext.getActive()).toBeNull();
    await ssc.start();
    expect(StreamingContext.getActive()).toBe(ssc);
    expect(await StreamingContext.getActiveOrCreate('memory:active', never)).toBe(ssc);
    await ssc.stop();
    expect(StreamingContext.getActive()).toBeNull();
    const other = scene().ssc;
    expect(await StreamingContext.getActiveOrCreate('memory:active', () => other)).toBe(other);
  });
});

describe('print', () => {
  it('hands whole batches to the printer, with what they belong to', async () => {
    const { clock, ssc } = scene();
    const printed: unknown[] = [];
    ssc.setPrinter(
      (text, { time, records, isCatchUp, operation }) =>
        void printed.push([text.split('\n'), time, records, isCatchUp, operation]),
    );
    ssc
      .queueStream([[['a', 1]]])
      .name('pairs')
      .print();
    await ssc.start();
    await clock.advance(1000);
    const rule = '-------------------------------------------';
    expect(printed).toEqual([[[rule, 'Time: 1000 ms', rule, '(a,1)', '', ''], 1000, 1, false, 'pairs/print']]);
  });
});

/** Lets everything that is ready run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('pprint', () => {
  it.each([
    [1000, '1970-01-01 00:00:01'],
    [250, '1970-01-01 00:00:00.250000'],
  ])('names a batch of %i ms by its date', async (interval, date) => {
    const { clock, ssc } = scene({}, 0, interval);
    let printed = '';
    ssc.setPrinter((text) => void (printed += text));
    ssc.queueStream([[1, 2, 3]]).pprint(2);
    await ssc.start();
    await clock.advance(interval);
    const rule = '-------------------------------------------';
    expect(printed.split('\n')).toEqual([rule, `Time: ${date}`, rule, '1', '2', '...', '', '']);
  });
});

describe('slice', () => {
  it('takes an interval, too', async () => {
    const { clock, ssc } = scene();
    ssc.remember(10_000);
    const s = ssc.queueStream([[1], [2], [3]]);
    s.foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(3000);
    const times = await Promise.all(
      (await s.slice({ beginTime: 1000, endTime: 2000 })).map(async (rdd) => await rdd.collect()),
    );
    expect(times).toEqual([[1], [2]]);
  });

  it('gives the batches of a window that were asked to be remembered, and does not move it when it looks ahead', async () => {
    const { clock, ssc } = scene();
    ssc.remember(10_000);
    const windowed = ssc.queueStream([[1], [2], [3], [4]]).window(2000);
    const seen: number[][] = [];
    windowed.foreachRDD(async (rdd) => void seen.push(await rdd.collect()));
    await ssc.start();
    await clock.advance(2000);
    const sliced = async (): Promise<number[][]> => {
      const found: number[][] = [];
      for (const rdd of await windowed.slice(1000, 9000)) found.push(await rdd.collect());
      return found;
    };
    expect(await sliced()).toEqual([[1], [1, 2]]);
    await clock.advance(2000);
    expect(seen).toEqual([[1], [1, 2], [2, 3], [3, 4]]);
    expect(await sliced()).toEqual(seen);
  });

  it('that looks ahead takes nothing from the batches to come', async () => {
    const { clock, ssc } = scene();
    const s = ssc.queueStream([[1], [2]]);
    const seen: number[][] = [];
    s.foreachRDD(async (rdd) => void seen.push(await rdd.collect()));
    await ssc.start();
    await clock.advance(1000);
    expect(await s.slice(2000, 2000)).toEqual([]);
    await clock.advance(1000);
    expect(seen).toEqual([[1], [2]]);
  });
});
