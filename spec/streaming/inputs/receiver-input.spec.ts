import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BatchInfo,
  type Config,
  ManualClock,
  type Mapped,
  Receiver,
  StreamingContext,
  type StreamingListener,
} from '../../../lib/index.ts';
import { raise } from '../../../lib/kernel/errors.ts';
import { MemoryCheckpoints } from '../../../lib/testing/index.ts';

/** Stores what a spec hands it, and tells when it is started and stopped. */
class Hand<T> extends Receiver<T> {
  readonly calls: string[] = [];
  fails = false;

  onStart(): void {
    this.calls.push('start');
    if (this.fails) raise('INTERNAL_INVARIANT', { what: 'no source' });
  }

  onStop(): void {
    this.calls.push('stop');
  }
}

const log = { 'spark.streaming.receiver.writeAheadLog.enable': true };
let checkpoints: MemoryCheckpoints;

beforeEach(() => {
  checkpoints = new MemoryCheckpoints();
});

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

interface Program<T> {
  readonly ssc: StreamingContext;
  readonly receiver: Hand<T>;
  /** `time: partition, partition`, records of a partition without anything between. */
  readonly out: string[];
  readonly infos: BatchInfo[];
  readonly warnings: string[];
}

interface Settings {
  readonly config?: Config;
  readonly keeps?: boolean;
  readonly listener?: StreamingListener;
  readonly f?: (value: unknown) => Mapped;
}

async function program<T = string>(clock: ManualClock, settings: Settings = {}): Promise<Program<T>> {
  const { config = {}, keeps = false, listener = {}, f } = settings;
  const out: string[] = [];
  const infos: BatchInfo[] = [];
  const warnings: string[] = [];
  const receiver = new Hand<T>();
  const create = (): StreamingContext => {
    const made = new StreamingContext({
      appName: 'hand',
      batchInterval: 1000,
      clock,
      config,
      openCheckpoint: checkpoints.open,
    });
    made.warn = (text) => warnings.push(text);
    const records = made.receiverStream(receiver);
    (f === undefined ? records : records.map(f)).glom().foreachRDD(async (rdd, time) => {
      const partitions: readonly unknown[][] = await rdd.collect();
      out.push(`${time}: ${partitions.map((values) => values.join('')).join(', ')}`.trimEnd());
    });
    return made;
  };
  const ssc = keeps ? await StreamingContext.getOrCreate('memory:hand', create) : create();
  ssc.addStreamingListener(listener);
  ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
  await ssc.start();
  return { ssc, receiver, out, infos, warnings };
}

function codesOf(warnings: readonly string[]): string[] {
  return warnings.map((text) => /^\[(\w+)\]/u.exec(text)?.[1] ?? text);
}

/** Stores letters at times: `a@100`. Time stands at the last of them afterwards. */
async function storeAt(clock: ManualClock, receiver: Hand<string>, text: string): Promise<void> {
  for (const word of text.split(' ')) {
    const [letter = '', time = ''] = word.split('@');
    await clock.advance(Number(time) - clock.now());
    await receiver.store(letter);
  }
}

describe('a receiver', () => {
  it.each<[what: string, stored: string, blockMs: number, expected: string[]]>([
    ['makes a partition of each block interval', 'a@0 b@199 c@200 d@999', 200, ['1000: ab, c, d', '2000:']],
    ['gives a batch what came before its time', 'a@999 b@1000 c@1001', 200, ['1000: a', '2000: bc']],
    ['follows the block interval of the program', 'a@0 b@199 c@200 d@999', 500, ['1000: abc, d', '2000:']],
    ['cuts a block that is longer than the batch', 'a@10 b@1500', 5000, ['1000: a', '2000: b']],
  ])('%s', async (_, stored, blockMs, expected) => {
    const clock = new ManualClock();
    const { receiver, out } = await program(clock, { config: { 'spark.streaming.blockInterval': blockMs } });
    await storeAt(clock, receiver, stored);
    await clock.advance(2000 - clock.now());
    expect(out).toEqual(expected);
  });

  it('makes a partition of records that are stored together, in order with the others', async () => {
    const clock = new ManualClock();
    const { receiver, out, infos } = await program(clock);
    await receiver.store('a');
    expect(await receiver.storeMany(['b', 'c'])).toBe(true);
    await receiver.store('d');
    await clock.advance(1000);
    expect(out).toEqual(['1000: a, bc, d']);
    expect(infos[0]?.streamIdToInputInfo).toEqual({ 0: { inputStreamId: 0, numRecords: 4, metadata: {} } });
  });

  it('is let in evenly by the rate limit, and nothing is dropped', async () => {
    const clock = new ManualClock();
    const { receiver, out } = await program(clock, { config: { 'spark.streaming.receiver.maxRate': 10 } });
    const stored = Array.from('abcdefghijklmnopqrstuvwxy', async (letter) => await receiver.store(letter));
    await clock.advance(3000);
    expect(out).toEqual(['1000: ab, cd, ef, gh, ij', '2000: kl, mn, op, qr, st', '3000: uv, wx, y']);
    expect(await Promise.all(stored)).toEqual(Array.from({ length: 25 }, () => true));
  });

  it.each([
    [1, ['1000: a', '2000: b', '3000: c']],
    [3, ['1000: a, b, c', '2000: d, e, f', '3000: g, h']],
  ])('keeps to a rate of %d records a second, which is less than one for each block', async (rate, expected) => {
    const clock = new ManualClock();
    const { receiver, out } = await program(clock, { config: { 'spark.streaming.receiver.maxRate': rate } });
    for (const letter of 'abcdefgh') void receiver.store(letter);
    await clock.advance(3000);
    expect(out).toEqual(expected);
  });

  it('follows the rate that backpressure finds', async () => {
    const clock = new ManualClock();
    const { receiver, out } = await program(clock, {
      config: {
        'spark.streaming.backpressure.enabled': true,
        'spark.streaming.backpressure.initialRate': 5,
      },
    });
    await clock.advance(1000);
    for (const letter of 'abcdefghijkl') void receiver.store(letter);
    await clock.advance(2000);
    expect(out).toEqual(['1000:', '2000: a, b, c, d, e', '3000: f, g, h, i, j']);
  });

  it('waits when too much memory is taken by records whose batch is not done', async () => {
    const clock = new ManualClock();
    const { receiver, out } = await program(clock, { config: { 'millrace.source.heldBytes': 100 } });
    const stored: string[] = [];
    for (const letter of 'abcdef') void receiver.store(letter).then(() => stored.push(letter));
    await clock.advance(500);
    expect(stored).toEqual(['a', 'b', 'c']);
    await clock.advance(1500);
    expect(stored).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(out).toEqual(['1000: abc', '2000: def']);
  });

  it('lets the event loop go on when it never waits', async () => {
    const clock = new ManualClock();
    const { ssc, receiver } = await program<number>(clock);
    let stored = 0;
    const storing = (async () => {
      for (stored = 0; stored < 1e6; stored++) if (!(await receiver.store(1))) return;
    })();
    setImmediate(() => void ssc.stop());
    await storing;
    expect(stored).toBeLessThan(20_000);
  });

  it('takes nothing before the start and after the stop', async () => {
    const receiver = new Hand<string>();
    expect(() => receiver.store('a')).toThrow('[STREAM_NOT_STARTED]');
    const clock = new ManualClock();
    const running = await program(clock);
    await running.ssc.stop();
    expect([await running.receiver.store('a'), await running.receiver.storeMany(['b'])]).toEqual([false, false]);
    expect([running.receiver.isStarted(), running.receiver.isStopped()]).toEqual([false, true]);
  });

  it('has to be one', () => {
    const ssc = new StreamingContext({ appName: 'a', batchInterval: 1000 });
    expect(() => ssc.receiverStream({} as Receiver<string>)).toThrow('[CONFIG_VALUE]');
  });
});

function telling(events: string[]): StreamingListener {
  const tell =
    (event: string) =>
    ({
      receiverInfo: { name, active, lastErrorMessage, lastErrorTime },
    }: Parameters<NonNullable<StreamingListener['onReceiverStarted']>>[0]) =>
      void events.push([event, name, active, lastErrorMessage, lastErrorTime].join(' '));
  return {
    onReceiverStarted: tell('started'),
    onReceiverError: tell('error'),
    onReceiverStopped: tell('stopped'),
  };
}

describe('the life of a receiver', () => {
  it('is told to listeners', async () => {
    const clock = new ManualClock();
    const events: string[] = [];
    const { ssc, receiver } = await program(clock, { listener: telling(events) });
    await clock.advance(100);
    receiver.reportError('hiccup', new TypeError('boom'));
    await ssc.stop();
    expect(events).toEqual([
      'started Hand-0 true  -1',
      'error Hand-0 true hiccup: boom 100',
      'stopped Hand-0 false hiccup: boom 100',
    ]);
    expect(receiver.calls).toEqual(['start', 'stop']);
  });

  it.each([
    ['after 2 s', undefined, 2000],
    ['after the delay it asked for', { delayMs: 300 }, 300],
  ])('begins again %s when it restarts, once however often it asks', async (_, options, delayMs) => {
    const clock = new ManualClock();
    const events: string[] = [];
    const { receiver, warnings } = await program(clock, { listener: telling(events) });
    receiver.restart('lost', options);
    receiver.restart('lost again', options);
    expect([receiver.isStarted(), receiver.isStopped()]).toEqual([false, true]);
    await clock.advance(delayMs - 1);
    expect(receiver.calls).toEqual(['start', 'stop']);
    await clock.advance(1);
    expect(receiver.calls).toEqual(['start', 'stop', 'start']);
    expect(receiver.isStarted()).toBe(true);
    expect(events).toEqual(['started Hand-0 true  -1', 'stopped Hand-0 false lost 0', 'started Hand-0 true lost 0']);
    expect(codesOf(warnings)).toEqual(['STREAM_RECEIVER_RESTARTS']);
  });

  it('goes on after onStart has failed, and the same failure is told once', async () => {
    const clock = new ManualClock();
    const running = program(clock, { config: { 'spark.streaming.receiverRestartDelay': 1000 } });
    const { receiver, warnings } = await running;
    receiver.fails = true;
    receiver.restart('try');
    await clock.advance(3000);
    receiver.fails = false;
    await clock.advance(1000);
    expect(receiver.isStarted()).toBe(true);
    expect(receiver.calls.filter((call) => call === 'start')).toHaveLength(5);
    expect(new Set(codesOf(warnings))).toEqual(new Set(['STREAM_RECEIVER_RESTARTS', 'STREAM_RECEIVER_ERROR']));
  });

  it('ends when it stops itself, and the context goes on', async () => {
    const clock = new ManualClock();
    const { ssc, receiver, out, warnings } = await program(clock);
    await receiver.store('a');
    receiver.stop('done');
    await clock.advance(3000);
    expect(out).toEqual(['1000: a', '2000:', '3000:']);
    expect([receiver.calls, ssc.getState(), codesOf(warnings)]).toEqual([
      ['start', 'stop'],
      'ACTIVE',
      ['STREAM_RECEIVER_STOPPED'],
    ]);
  });

  it('ends for the context when onStop does not end', async () => {
    const clock = new ManualClock();
    class Stuck extends Receiver<string> {
      onStart(): void {
        // Nothing comes.
      }
      async onStop(): Promise<void> {
        await new Promise(() => undefined);
      }
    }
    const ssc = new StreamingContext({ appName: 'stuck', batchInterval: 1000, clock });
    const warnings: string[] = [];
    ssc.warn = (text) => warnings.push(text);
    ssc.receiverStream(new Stuck()).print();
    await ssc.start();
    const stopped = ssc.stop();
    await clock.advance(20_000);
    await stopped;
    expect(codesOf(warnings)).toContain('STREAM_RECEIVER_HANGS');
  });
});

describe('a graceful stop', () => {
  it('stops receivers first, and what they have stored gets its batch', async () => {
    const clock = new ManualClock();
    const { ssc, receiver, out, warnings } = await program(clock, {
      config: { 'spark.streaming.receiver.maxRate': 5 },
    });
    await clock.advance(1000);
    for (const letter of 'abcde') void receiver.store(letter);
    const stopped = ssc.stop({ graceful: true });
    await clock.advance(0);
    expect(receiver.calls).toEqual(['start', 'stop']);
    await clock.advance(2000);
    await stopped;
    expect(out.map((batch) => batch.replaceAll(', ', ''))).toEqual(['1000:', '2000: abcde', '3000:']);
    expect(warnings).toEqual([]);
  });
});

describe('what was received and not processed', () => {
  it.each([
    [
      'is counted when it goes with the context',
      {},
      [expect.stringMatching(/^\[STREAM_RECEIVED_DROPPED\].* 3 records/u)],
    ],
    ['is not lost when the stop is graceful', { graceful: true }, []],
  ])('%s', async (_, options, expected) => {
    const clock = new ManualClock();
    const { ssc, receiver, warnings } = await program(clock);
    await receiver.storeMany(['a', 'b']);
    await receiver.store('c');
    const stopped = ssc.stop(options);
    await clock.advance(2000);
    await stopped;
    expect(warnings).toEqual(expected);
  });

  it('is lost by a checkpoint without the log, which says so before and counts it after', async () => {
    const clock = new ManualClock();
    const first = await program(clock, { keeps: true, f: () => JSON.parse('{') as Mapped });
    expect(codesOf(first.warnings)).toEqual(['STREAM_RECEIVED_NOT_LOGGED']);
    await first.receiver.storeMany(['a', 'b']);
    await clock.advance(1000);
    await first.ssc.awaitTermination().catch(() => undefined);
    const second = await program(clock, { keeps: true });
    await second.receiver.store('c');
    await clock.advance(1000);
    expect(second.out).toEqual(['1000:', '2000: c']);
    expect(second.warnings[1]).toMatch(/^\[STREAM_RECEIVED_LOST\] 2 records .* for the batch 1000 ms/u);
  });
});

describe('the write-ahead log', () => {
  it('needs a checkpoint directory', async () => {
    await expect(program(new ManualClock(), { config: log })).rejects.toMatchObject({
      code: 'STREAM_LOG_NEEDS_CHECKPOINT',
    });
  });

  it.each<[when: string, stops: (ssc: StreamingContext, clock: ManualClock) => Promise<void>, expected: string[]]>([
    ['no plan has named them', async (ssc) => await ssc.stop(), ['1000: ab, c', '2000: d']],
    [
      'their batch failed',
      async (ssc, clock) => {
        await clock.advance(1000);
        await ssc.awaitTermination().catch(() => undefined);
      },
      ['1000: ab, c', '2000: d'],
    ],
  ])('gives records to their batch after a restart when %s', async (_, stops, expected) => {
    const clock = new ManualClock();
    const first = await program(clock, { keeps: true, config: log, f: () => JSON.parse('{') as Mapped });
    expect(await first.receiver.storeMany(['a', 'b'])).toBe(true);
    await first.receiver.store('c');
    await stops(first.ssc, clock);
    const second = await program(clock, { keeps: true, config: log });
    await clock.advance(1000 - clock.now());
    await second.receiver.store('d');
    await clock.advance(1000);
    expect(second.out).toEqual(expected);
    expect([...first.warnings, ...second.warnings]).toEqual([]);
    expect(second.infos.map(({ numRecords }) => numRecords)).toEqual([3, 1]);
  });

  it('lets go of blocks once their batch is committed', async () => {
    const clock = new ManualClock();
    const { ssc, receiver } = await program(clock, { keeps: true, config: log });
    for (let batch = 0; batch < 3; batch++) {
      await receiver.storeMany(['a']);
      await receiver.storeMany(['b']);
      await clock.advance(1000);
    }
    const held = async (): Promise<number[]> => {
      const store = await checkpoints.open('memory:hand', { appName: 'hand', clock, warn: () => undefined });
      return store.received.list('receiver').map(({ number }) => number);
    };
    // Those of the last batch stay for one more, which may have to go back to it.
    expect(await held()).toEqual([4, 5]);
    await clock.advance(1000);
    expect(await held()).toEqual([]);
    await ssc.stop();
  });

  it('keeps blocks that a later batch may read again, and reads them from the log', async () => {
    const clock = new ManualClock();
    const out: string[] = [];
    const receiver = new Hand<string>();
    const ssc = await StreamingContext.getOrCreate('memory:slice', () => {
      const made = new StreamingContext({
        appName: 'slice',
        batchInterval: 1000,
        clock,
        config: log,
        openCheckpoint: checkpoints.open,
      });
      made.remember(3000);
      const records = made.receiverStream(receiver);
      records.foreachRDD(async (_, time) => {
        const slices = await records.slice(time - 1000, time);
        out.push((await Promise.all(slices.map(async (rdd) => await rdd.collect()))).join('|'));
      });
      return made;
    });
    await ssc.start();
    for (const letter of 'abc') {
      await receiver.storeMany([letter]);
      await clock.advance(1000);
    }
    expect(out).toEqual(['a', 'a|b', 'b|c']);
  });

  it('acknowledges nothing that cannot be written, and the context stops with the cause', async () => {
    const clock = new ManualClock();
    const { ssc, receiver } = await program<unknown>(clock, { keeps: true, config: log });
    const waiting = receiver.storeMany([() => 'no data']);
    await clock.advance(0);
    expect(await waiting).toBe(false);
    expect(await receiver.store('more')).toBe(false);
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code: 'STATE_VALUE_UNSUPPORTED',
      where: { batchTime: 1000 },
    });
  });

  it('follows Spark in compat mode: the last batch runs again after a restart, with the same records', async () => {
    const clock = new ManualClock();
    const config = { ...log, 'millrace.spark.compat': true };
    const first = await program(clock, { keeps: true, config });
    await first.receiver.storeMany(['a']);
    await clock.advance(1000);
    await first.ssc.stop();
    const second = await program(clock, { keeps: true, config });
    await clock.advance(1000);
    expect([first.out, second.out]).toEqual([['1000: a'], ['1000: a', '2000:']]);
  });
});
