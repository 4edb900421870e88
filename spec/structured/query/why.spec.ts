import { describe, expect, it } from '@jest/globals';
import { sessionWindow, window } from '../../../lib/functions.ts';
import type { DataFrame, StreamingQuery } from '../../../lib/index.ts';
import { bench } from './bench.ts';

const windows = (df: DataFrame): DataFrame => df.groupBy(window('ts', '10 seconds'), 'k').count();

/** A query over `k` and seconds of 2024-01-01, with a watermark of 5 seconds, and its batches one after the other. */
async function scene(
  build: (df: DataFrame) => DataFrame = windows,
  mode = 'append',
  config: Readonly<Record<string, string>> = {},
) {
  const { clock, stream } = bench(config);
  const events = stream('k STRING, ts TIMESTAMP');
  const start = async (): Promise<StreamingQuery> =>
    await build(events.toDF().withWatermark('ts', '5 seconds'))
      .writeStream.outputMode(mode)
      .option('checkpointLocation', 'memory:why')
      .format('noop')
      .start();
  let query = await start();
  return {
    clock,
    feed: async (...rows: readonly [string, number][]) => {
      events.addData(...rows.map(([k, second]) => [k, new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString()]));
      await query.processAllAvailable();
    },
    restart: async () => {
      await query.stop();
      query = await start();
    },
    why: async (question: string) => await query.why(question),
    stop: async () => {
      await query.stop();
    },
    ask: async () => await query.why('2024-01-01 00:00:03'),
  };
}

describe('why there is no output yet', () => {
  it('tells of an open window what would close it', async () => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3], ['b', 4], ['a', 8]);
    const answer = await why('2024-01-01 00:00:03');
    expect(answer.windows).toEqual([
      expect.objectContaining({
        operator: 'aggregate',
        startUs: 1_704_067_200_000_000,
        endUs: 1_704_067_210_000_000,
        state: 'open',
        groups: 2,
        late: [],
        waitsFor: [{ column: 'ts', sources: ['source-0'], eventTimeUs: 1_704_067_215_000_000 }],
      }),
    ]);
    expect(answer.text).toBe(
      'aggregate: the window 2024-01-01 00:00:00 - 2024-01-01 00:00:10 is open with 2 groups: it is given out when it closes. The watermark is 2024-01-01 00:00:03. It closes when an event with ts >= 2024-01-01 00:00:15 has come from source-0, plus one batch.',
    );
    await stop();
  });

  it('is right about what would close it: just before it does not, at it does', async () => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3]);
    await feed(['a', 14.999]);
    expect((await why('2024-01-01 00:00:03')).windows[0]?.state).toBe('open');
    await feed(['a', 15]);
    expect((await why('2024-01-01 00:00:03')).windows[0]).toMatchObject({
      state: 'closed',
      groups: 1,
      closedInBatch: 5,
    });
    await stop();
  });

  it('tells of a closed window by which record the watermark passed it, when it was given out, and of late rows', async () => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3], ['b', 4]);
    await feed(['a', 12], ['b', 16], ['a', 13]);
    await feed(['a', 5], ['c', 6], ['a', 5]);
    const answer = await why('2024-01-01 00:00:00/2024-01-01 00:00:10');
    expect(answer.windows[0]).toMatchObject({
      state: 'closed',
      groups: 2,
      closedInBatch: 3,
      closedBy: {
        batchId: 2,
        column: 'ts',
        source: 'source-0',
        where: { row: 3 },
        eventTimeUs: 1_704_067_216_000_000,
        watermarkMs: 1_704_067_211_000,
      },
      late: [{ batchId: 4, rows: 3 }],
      waitsFor: [],
    });
    expect(answer.text).toBe(
      'aggregate: the window 2024-01-01 00:00:00 - 2024-01-01 00:00:10 was given out by batch 3 with 2 groups: the watermark went to 2024-01-01 00:00:11 with batch 2, by the record with ts 2024-01-01 00:00:16, source-0: row 3. 3 rows came too late for it and were dropped (batch 4: 3).',
    );
    await stop();
  });

  it('tells it after a restart, too', async () => {
    const { feed, why, restart, stop } = await scene();
    await feed(['a', 3]);
    await feed(['b', 16]);
    const before = await why('2024-01-01 00:00:03');
    await restart();
    expect(await why('2024-01-01 00:00:03')).toEqual(before);
    await stop();
  });

  it('says that a window is due when the batch that closes it has not run', async () => {
    const { feed, why, stop } = await scene(windows, 'append', {
      'spark.sql.streaming.noDataMicroBatches.enabled': 'false',
    });
    await feed(['a', 3]);
    await feed(['b', 16]);
    const answer = await why('2024-01-01 00:00:03');
    expect(answer.windows[0]).toMatchObject({ state: 'due', groups: 1, closedBy: { batchId: 1 } });
    expect(answer.text).toContain('is closed by the next batch, which gives it out: the watermark went to');
    await stop();
  });

  it.each([
    ['is open', '2024-01-01 00:01:05', 'open', 'is open, and no row of it has come'],
    ['is closed', '2023-12-31 23:59:55', 'closed', 'is closed: the watermark went to'],
  ])('knows of a window without rows that it %s', async (_, question, state, text) => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3], ['a', 8]);
    const answer = await why(question);
    expect(answer.windows[0]).toMatchObject({ state, groups: 0 });
    expect(answer.text).toContain(text);
    await stop();
  });

  it('names every window that slides over a time', async () => {
    const { feed, ask, stop } = await scene((df) => df.groupBy(window('ts', '10 seconds', '5 seconds')).count());
    await feed(['a', 3], ['a', 8]);
    expect((await ask()).windows.map(({ endUs, groups }) => [endUs / 1e6 - 1_704_067_200, groups])).toEqual([
      [5, 1],
      [10, 1],
    ]);
    await stop();
  });

  it('tells of sessions', async () => {
    const { feed, ask, stop } = await scene((df) =>
      df.groupBy(sessionWindow('ts', '5 seconds').alias('s'), 'k').count(),
    );
    await feed(['a', 1], ['a', 4], ['b', 3]);
    expect((await ask()).windows).toMatchObject([
      { state: 'open', groups: 1, endUs: 1_704_067_208_000_000 },
      { state: 'open', groups: 1, endUs: 1_704_067_209_000_000 },
    ]);
    await feed(['c', 30]);
    expect((await ask()).windows).toMatchObject([
      { state: 'closed', closedInBatch: 3 },
      { state: 'closed', closedInBatch: 3 },
    ]);
    await stop();
  });

  it('tells in update mode that a window was removed', async () => {
    const { feed, ask, stop } = await scene(windows, 'update');
    await feed(['a', 3]);
    await feed(['b', 16]);
    expect((await ask()).text).toContain('was removed from the state, after its last update, by batch 3 with 1 group');
    await stop();
  });

  it('tells of a record that it was read, and where it moved the watermark', async () => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3]);
    await feed(['b', 16]);
    expect((await why('0:1')).records[0]).toMatchObject({ isRead: true, batchId: 2, movedTo: 1_704_067_211_000 });
    expect((await why('0:2')).text).toBe('0:2 was not read yet by a batch that is committed.');
    await stop();
  });

  it.each([
    ['nonsense', 'WHY_QUESTION'],
    ['2024-01-01 00:00:10/2024-01-01 00:00:00', 'WHY_QUESTION'],
    ['orders-7:1', 'WHY_NO_PARTITION'],
  ])('refuses %s', async (question, code) => {
    const { feed, why, stop } = await scene();
    await feed(['a', 3]);
    await expect(why(question)).rejects.toMatchObject({ code });
    await stop();
  });

  it('has nothing to say of a query that has ended', async () => {
    const { feed, ask, stop } = await scene();
    await feed(['a', 3]);
    await stop();
    await expect(ask()).rejects.toMatchObject({ code: 'WHY_QUERY_ENDED' });
  });
});
