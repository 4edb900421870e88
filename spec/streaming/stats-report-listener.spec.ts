import { afterEach, describe, expect, it } from '@jest/globals';
import { type BatchInfo, ManualClock, StatsReportListener, StreamingContext } from '../../lib/index.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

function completed(totalDelay: number | undefined, processingDelay: number | undefined): { batchInfo: BatchInfo } {
  return {
    batchInfo: {
      batchTime: 1000,
      streamIdToInputInfo: {},
      submissionTime: 1000,
      outputOperationInfos: {},
      numRecords: 0,
      isCatchUp: false,
      ...(totalDelay === undefined ? {} : { totalDelay }),
      ...(processingDelay === undefined ? {} : { processingDelay }),
    },
  };
}

function countsAfterTwelve(batches: number | undefined): string[] {
  const lines: string[] = [];
  const listener = new StatsReportListener(batches, (line) => lines.push(line));
  for (let batch = 0; batch < 12; batch++) listener.onBatchCompleted(completed(batch, batch));
  return lines.slice(-6).filter((line) => line.includes('count'));
}

describe('StatsReportListener', () => {
  it("writes the spread of delays in Spark's words", () => {
    const lines: string[] = [];
    const listener = new StatsReportListener(10, (line) => lines.push(line));
    listener.onBatchCompleted(completed(100, 50));
    lines.length = 0;
    listener.onBatchCompleted(completed(7_200_000, 1500));
    expect(lines).toEqual([
      'Total delay: (count: 2, mean: 3600050.000000, stdev: 3599950.000000, max: 7200000.000000, min: 100.000000)',
      '\t0%\t5%\t10%\t25%\t50%\t75%\t90%\t95%\t100%',
      '\t100.0 ms\t100.0 ms\t100.0 ms\t100.0 ms\t2.0 hours\t2.0 hours\t2.0 hours\t2.0 hours\t2.0 hours',
      'Processing time: (count: 2, mean: 775.000000, stdev: 725.000000, max: 1500.000000, min: 50.000000)',
      '\t0%\t5%\t10%\t25%\t50%\t75%\t90%\t95%\t100%',
      '\t50.0 ms\t50.0 ms\t50.0 ms\t50.0 ms\t1.5 s\t1.5 s\t1.5 s\t1.5 s\t1.5 s',
    ]);
  });

  it('covers the last batches only, ten unless told otherwise', () => {
    expect(countsAfterTwelve(undefined)[0]).toContain(
      '(count: 10, mean: 6.500000, stdev: 2.872281, max: 11.000000, min: 2.000000)',
    );
    expect(countsAfterTwelve(2)[0]).toContain('(count: 2, mean: 10.5');
  });

  it('says nothing of batches that have no delays', () => {
    const lines: string[] = [];
    new StatsReportListener(10, (line) => lines.push(line)).onBatchCompleted(completed(undefined, undefined));
    expect(lines).toEqual([]);
  });

  it('reports the batches of a context', async () => {
    const clock = new ManualClock();
    const ssc = new StreamingContext({ appName: 'stats', batchInterval: 1000, clock });
    const lines: string[] = [];
    ssc.addStreamingListener(new StatsReportListener(10, (line) => lines.push(line)));
    ssc.queueStream([[1]]).foreachRDD(() => undefined);
    await ssc.start();
    await clock.advance(2000);
    expect(lines.filter((line) => line.startsWith('Total'))).toHaveLength(2);
  });

  it.each([0, 1.5, '3' as never])('refuses %p batches', (count) => {
    expect(() => new StatsReportListener(count)).toThrow('numBatchInfos');
  });
});
