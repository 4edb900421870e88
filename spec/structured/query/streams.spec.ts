import { describe, expect, it } from '@jest/globals';
import type { StreamingQueryListener } from '../../../lib/index.ts';
import { bench } from './bench.ts';

describe('the queries of a session', () => {
  it('run beside each other, are found by id and wait together', async () => {
    const { spark, stream } = bench();
    const events = stream('v INT');
    const start = async (name: string) => await events.toDF().writeStream.queryName(name).format('memory').start();
    const [first, second] = [await start('first'), await start('second')];
    events.addData([1], [2]);
    await Promise.all([first.processAllAvailable(), second.processAllAvailable()]);
    expect(spark.streams.active.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(spark.streams.get(second.id)).toBe(second);
    expect((await spark.table('second').collect()).map(({ v }) => v)).toEqual([1, 2]);
    const any = spark.streams.awaitAnyTermination();
    await first.stop();
    await expect(any).resolves.toBe(true);
    await expect(spark.streams.awaitAnyTermination()).resolves.toBe(true);
    spark.streams.resetTerminated();
    const { clock } = bench();
    expect(clock.now()).toBeGreaterThan(0);
    await second.stop();
    expect(spark.streams.active).toEqual([]);
    expect(spark.streams.get(second.id)).toBeNull();
  });

  it('have names that no other active one has', async () => {
    const { stream } = bench();
    const events = stream('v INT');
    const start = async () => await events.toDF().writeStream.queryName('same').format('noop').start();
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'QUERY_NAME_IN_USE' });
    await first.stop();
    await (await start()).stop();
  });

  it('tell listeners of their start, their batches, their idleness and their end; a listener that fails changes nothing', async () => {
    const { spark, stream, clock } = bench();
    const events = stream('v INT');
    const told: string[] = [];
    const listener: StreamingQueryListener = {
      onQueryStarted: ({ name }) => told.push(`started ${name}`),
      onQueryProgress: ({ progress }) => told.push(`batch ${progress.batchId}: ${progress.numInputRows}`),
      onQueryIdle: () => told.push('idle'),
      onQueryTerminated: ({ exception, errorClassOnException }) =>
        told.push(`ended ${exception} ${errorClassOnException}`),
    };
    spark.streams.addListener({
      onQueryProgress: () => {
        throw new TypeError('a listener');
      },
    });
    spark.streams.addListener(listener);
    const query = await events.toDF().writeStream.queryName('told').format('noop').start();
    events.addData([1]);
    await query.processAllAvailable();
    await clock.advance(10_020);
    await query.stop();
    spark.streams.removeListener(listener);
    await (await events.toDF().writeStream.format('noop').start()).stop();
    expect(told).toEqual(['started told', 'batch 0: 1', 'idle', 'ended null null']);
  });

  it('that fail carry the cause and the batch, to all who wait', async () => {
    const { spark, stream } = bench();
    const events = stream('s STRING');
    const query = await events.toDF().selectExpr('CAST(s AS INT) AS n').writeStream.format('noop').start();
    events.addData(['1']);
    await query.processAllAvailable();
    events.addData(['x']);
    const expected = {
      code: 'STREAM_FAILED',
      batchId: 1,
      cause: expect.objectContaining({ code: 'CAST_INVALID_INPUT' }),
    };
    await expect(query.awaitTermination()).rejects.toMatchObject(expected);
    await expect(query.processAllAvailable()).rejects.toMatchObject(expected);
    await expect(spark.streams.awaitAnyTermination()).rejects.toMatchObject(expected);
    expect(query.isActive).toBe(false);
    expect(query.exception).toMatchObject(expected);
    expect(String(query.exception)).toMatch(
      /^StreamingQueryError: \[STREAM_FAILED\] Query \[id = .+, runId = .+\] terminated in batch 1 with exception: \[CAST_INVALID_INPUT\]/u,
    );
    await query.stop();
  });

  it('wait for their end for so long', async () => {
    const { spark, stream, clock } = bench();
    const query = await stream('v INT').toDF().writeStream.format('noop').start();
    const waiting = query.awaitTermination(500);
    await clock.advance(500);
    await expect(waiting).resolves.toBe(false);
    const any = spark.streams.awaitAnyTermination(500);
    await clock.advance(500);
    await expect(any).resolves.toBe(false);
    await query.stop();
    await expect(query.awaitTermination()).resolves.toBe(true);
  });

  it('show what they do and what they did', async () => {
    const { stream } = bench();
    const events = stream('k STRING, v INT');
    const query = await events
      .toDF()
      .groupBy('k')
      .count()
      .writeStream.outputMode('update')
      .queryName('shown')
      .format('noop')
      .start();
    let firstSteps: readonly string[] = [];
    for (let i = 0; i < 103; i++) {
      events.addData(['a', i]);
      await query.processAllAvailable();
      // There is no batch before the first whose offsets the sources could be told.
      if (i === 0) firstSteps = Object.keys(query.lastProgress?.durationMs ?? {}).toSorted();
    }
    expect(query.status).toEqual({
      message: 'Waiting for data to arrive',
      isDataAvailable: false,
      isTriggerActive: false,
    });
    expect(query.recentProgress).toHaveLength(100);
    expect(query.lastProgress).toMatchObject({
      id: query.id,
      runId: query.runId,
      name: 'shown',
      timestamp: '2023-11-14T22:13:20.000Z',
      batchId: 102,
      numInputRows: 1,
      eventTime: {},
      stateOperators: [
        {
          operatorName: 'stateStoreSave',
          numRowsTotal: 1,
          numRowsUpdated: 1,
          numRowsDroppedByWatermark: 0,
          numStateStoreInstances: 1,
        },
      ],
      sources: [{ description: 'MemoryStream', startOffset: 102, endOffset: 103, latestOffset: 103, numInputRows: 1 }],
      sink: { description: 'noop-table', numOutputRows: 1 },
      observedMetrics: {},
    });
    expect(Object.keys(query.lastProgress?.durationMs ?? {}).toSorted()).toEqual([
      'addBatch',
      'commitBatch',
      'commitOffsets',
      'getBatch',
      'latestOffset',
      'queryPlanning',
      'triggerExecution',
      'walCommit',
    ]);
    expect(firstSteps).toEqual([
      'addBatch',
      'commitOffsets',
      'getBatch',
      'latestOffset',
      'queryPlanning',
      'triggerExecution',
      'walCommit',
    ]);
    expect(query.recentProgress[0]?.sources[0]?.startOffset).toBe(3);
    await query.stop();
    expect(query.status.message).toBe('Stopped');
  });

  it('run a batch at each multiple of their interval, or what is there and no more', async () => {
    const { stream, clock } = bench();
    const events = stream('v INT');
    const batches: number[] = [];
    const writer = () =>
      events.toDF().writeStream.foreachBatch(async (batch) => {
        batches.push(await batch.count());
      });
    events.addData([1]);
    const query = await writer().trigger({ processingTime: '10 seconds' }).start();
    await clock.idle();
    events.addData([2], [3]);
    await clock.advance(9999);
    expect(batches).toEqual([1]);
    await clock.advance(1);
    expect(batches).toEqual([1, 2]);
    await query.stop();
    batches.length = 0;
    for (const trigger of [{ once: true }, { availableNow: true }]) {
      await (await writer().trigger(trigger).start()).awaitTermination();
    }
    expect(batches).toEqual([3, 3]);
  });
});
