import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DStream, ManualClock, StreamingContext } from '../../lib/index.ts';
import { registerConnector } from '../../lib/io/registry.ts';
import type { Sink, WriteId } from '../../lib/io/sink.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';

class FakeSink implements Sink {
  readonly name = 'fake';
  readonly idempotent = false;
  readonly writes: { readonly id: WriteId; readonly rows: unknown[] }[] = [];
  failure: Error | undefined;
  isClosed = false;

  async write(id: WriteId, rows: Iterable<unknown>): Promise<void> {
    await Promise.resolve();
    this.writes.push({ id, rows: [...rows] });
    if (this.failure !== undefined) throw this.failure;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

let sink = new FakeSink();
let options: Readonly<Record<string, unknown>> = {};
registerConnector('kafka', {
  sink: (given) => {
    options = given;
    return sink;
  },
});

const checkpoints = { current: new MemoryCheckpoints() };
const batches = [['a', 'b', 'c'], [], ['d']];

async function started(clock: ManualClock, build: (s: DStream<string>) => void): Promise<StreamingContext> {
  const context = await StreamingContext.getOrCreate('memory:outputs', () => {
    const ssc = new StreamingContext({
      appName: 'outputs',
      batchInterval: 1000,
      clock,
      openCheckpoint: checkpoints.current.open,
    });
    ssc.warn = () => undefined;
    build(ssc.inputStream('timed', (step, slide) => new TimedInput(step, slide, (_, i) => batches[i] ?? [], 2)));
    return ssc;
  });
  await context.start();
  return context;
}

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  sink = new FakeSink();
  checkpoints.current = new MemoryCheckpoints();
});

function toTopic(s: DStream<string>): void {
  s.map((x) => ({ value: x })).toKafka('out', { brokers: ['localhost:1'] });
}

describe('toKafka', () => {
  it('hands over the rows of each batch that has any, and closes at the end', async () => {
    const clock = new ManualClock();
    const ssc = await started(clock, toTopic);
    await clock.advance(3000);
    expect(options).toEqual({ topic: 'out', brokers: ['localhost:1'] });
    expect(sink.writes).toEqual([
      {
        id: { batchTime: 1000, operation: 'timed/map/to-kafka', attempt: 1 },
        rows: [{ value: 'a' }, { value: 'b' }, { value: 'c' }],
      },
      { id: { batchTime: 3000, operation: 'timed/map/to-kafka', attempt: 1 }, rows: [{ value: 'd' }] },
    ]);
    await ssc.stop();
    expect(sink.isClosed).toBe(true);
  });

  it('fails its batch when a row is not acknowledged, and writes the same again at the next start', async () => {
    const clock = new ManualClock();
    sink.failure = new RangeError('not enough replicas');
    const first = await started(clock, toTopic);
    await clock.advance(1000);
    await expect(first.awaitTermination()).rejects.toThrow('not enough replicas');
    const [failed] = sink.writes;
    sink = new FakeSink();
    await started(clock, toTopic);
    await clock.idle();
    expect(sink.writes).toEqual([{ id: { ...failed?.id, attempt: 2 }, rows: failed?.rows }]);
  });
});

describe('saveAsTextFiles', () => {
  it('leaves a folder that an earlier attempt of the batch has written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-save-'));
    const prefix = join(folder, 'out');
    let fails = true;
    const save = (s: DStream<string>): void => {
      s.saveAsTextFiles(prefix, 'txt');
      s.foreachRDD(() => {
        if (fails) throw new RangeError('after the files were written');
      });
    };
    try {
      const clock = new ManualClock();
      const first = await started(clock, save);
      await clock.advance(1000);
      await expect(first.awaitTermination()).rejects.toThrow('after the files');
      fails = false;
      await started(clock, save);
      await clock.advance(1000);
      expect(readFileSync(`${prefix}-1000.txt/part-00000`, 'utf8')).toBe('a\n');
      expect(readFileSync(`${prefix}-1000.txt/part-00001`, 'utf8')).toBe('b\nc\n');
      expect(readFileSync(`${prefix}-2000.txt/_SUCCESS`, 'utf8')).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('saveAsObjectFiles', () => {
  it('writes a folder for each batch, which objectFile gives back as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-objects-'));
    try {
      const clock = new ManualClock();
      const ssc = await started(clock, (s) => {
        s.map((x) => ({ x, at: new Date(5) })).saveAsObjectFiles(join(folder, 'out'));
      });
      await clock.advance(1000);
      expect(await ssc.sparkContext.objectFile(join(folder, 'out-1000')).collect()).toEqual(
        ['a', 'b', 'c'].map((x) => ({ x, at: new Date(5) })),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
