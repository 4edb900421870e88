import { afterEach, describe, expect, it } from '@jest/globals';
import { ManualClock, StreamingContext, type StreamingListener } from '../../lib/index.ts';
import { delayInWork } from '../../lib/kernel/clock.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

/** Writes down every event as it was told. */
class Recorder implements StreamingListener {
  readonly events: [name: string, event: unknown][] = [];
  readonly onStreamingStarted = this.#tell('streamingStarted');
  readonly onBatchSubmitted = this.#tell('batchSubmitted');
  readonly onBatchStarted = this.#tell('batchStarted');
  readonly onBatchCompleted = this.#tell('batchCompleted');
  readonly onOutputOperationStarted = this.#tell('outputOperationStarted');
  readonly onOutputOperationCompleted = this.#tell('outputOperationCompleted');

  #tell(name: string) {
    return (event: unknown): void => {
      this.events.push([name, structuredClone(event)]);
    };
  }

  named(name: string): unknown[] {
    return this.events.filter(([other]) => other === name).map(([, event]) => event);
  }
}

describe('events', () => {
  it('tell of a batch that waits for the one before it, with all that is known at each moment', async () => {
    const clock = new ManualClock(500);
    const ssc = new StreamingContext({ appName: 'events', batchInterval: 1000, clock });
    const recorder = new Recorder();
    ssc.addStreamingListener(recorder);
    const s = ssc.queueStream([[1, 2], [3]]);
    s.foreachRDD(async (_, time) => {
      if (time <= 2000) await delayInWork(clock, 1200);
    });
    s.map((x) => x).print();
    ssc.setPrinter(() => undefined);
    await ssc.start();
    await clock.advance(4500);

    const first = { batchTime: 1000, id: 0, name: 'foreachRDD', description: 'queue/foreach-rdd' };
    const second = { batchTime: 1000, id: 1, name: 'print', description: 'queue/map/print' };
    const submitted = {
      batchTime: 1000,
      streamIdToInputInfo: { 0: { inputStreamId: 0, numRecords: 2, metadata: {} } },
      submissionTime: 1000,
      outputOperationInfos: {},
      numRecords: 2,
      isCatchUp: false,
    };
    const started = { ...submitted, processingStartTime: 1000, schedulingDelay: 0 };
    expect(recorder.events.slice(0, 3)).toEqual([
      ['streamingStarted', { time: 500 }],
      ['batchSubmitted', { batchInfo: submitted }],
      ['batchStarted', { batchInfo: started }],
    ]);
    expect(recorder.events[3]).toEqual([
      'outputOperationStarted',
      { outputOperationInfo: { ...first, startTime: 1000 } },
    ]);
    const ended = { ...first, startTime: 1000, endTime: 2200, duration: 1200 };
    const printed = { ...second, startTime: 2200, endTime: 2200, duration: 0 };
    expect(recorder.named('outputOperationCompleted').slice(0, 2)).toEqual([
      { outputOperationInfo: ended },
      { outputOperationInfo: printed },
    ]);
    const [completed, later] = recorder.named('batchCompleted') as { batchInfo: Record<string, unknown> }[];
    const { commit, ...rest } = completed?.batchInfo ?? {};
    expect(rest).toEqual({
      ...started,
      processingEndTime: 2200,
      processingDelay: 1200,
      totalDelay: 1200,
      outputOperationInfos: { 0: ended, 1: printed },
    });
    expect(commit).toBeDefined();
    // The second batch was due at 2000 and had to wait.
    expect(later?.batchInfo).toMatchObject({
      batchTime: 2000,
      numRecords: 1,
      submissionTime: 2000,
      processingStartTime: 2200,
      processingEndTime: 3400,
      schedulingDelay: 200,
      processingDelay: 1200,
      totalDelay: 1400,
    });
  });

  it('tell of a failure in the operation and in the batch', async () => {
    const clock = new ManualClock();
    const ssc = new StreamingContext({ appName: 'events', batchInterval: 1000, clock });
    const recorder = new Recorder();
    ssc.addStreamingListener(recorder);
    ssc.queueStream([[1]]).foreachRDD(() => {
      throw new RangeError('no');
    });
    await ssc.start();
    await clock.advance(1000);
    const [operation] = recorder.named('outputOperationCompleted');
    expect(operation).toMatchObject({ outputOperationInfo: { failureReason: expect.stringContaining('no') } });
    const [batch] = recorder.named('batchCompleted') as { batchInfo: Record<string, unknown> }[];
    expect(batch?.batchInfo).toMatchObject({ failureReason: expect.stringContaining('[STREAM_OUTPUT_FAILED]') });
    expect(batch?.batchInfo['commit']).toBeUndefined();
  });
});
