import { describe, expect, it } from '@jest/globals';
import { approxCountDistinct, count, sum, window } from '../../../lib/functions.ts';
import type { DataFrame, Session } from '../../../lib/index.ts';
import type { MemoryStream } from '../../../lib/testing/index.ts';
import { bench, codes } from './bench.ts';

const schema = 'k STRING, v INT, ts TIMESTAMP';

/** Starts a query, lets it see a row and stops it; then another one on the same checkpoint. */
async function restarted(
  before: (df: DataFrame, other: DataFrame) => DataFrame,
  after: (df: DataFrame, other: DataFrame) => DataFrame,
  modes: readonly [string, string] = ['update', 'update'],
): Promise<unknown[]> {
  const { stream } = bench();
  const events = stream(schema);
  const others = stream(schema);
  const run = async (make: typeof before, mode: string, at: MemoryStream): Promise<unknown[]> => {
    const batches: unknown[] = [];
    const query = await make(at.toDF(), others.toDF())
      .writeStream.outputMode(mode)
      .option('checkpointLocation', 'memory:restart')
      .foreachBatch(async (batch, id) => {
        batches.push([id, ...(await batch.collect()).map((row) => Object.values(row))]);
      })
      .start();
    at.addData(['a', 1, '2024-01-01 00:00:10']);
    await query.processAllAvailable();
    await query.stop();
    return batches;
  };
  await run(before, modes[0], events);
  return await run(after, modes[1], events);
}

const counted = (df: DataFrame): DataFrame => df.groupBy('k').count();

describe('a query on the checkpoint of an earlier start', () => {
  it.each<
    [string, (df: DataFrame, other: DataFrame) => DataFrame, (df: DataFrame, other: DataFrame) => DataFrame, unknown[]]
  >([
    ['goes on where it was', counted, counted, [[1, ['a', 2]]]],
    [
      'goes on with a key of another name',
      counted,
      (df) => df.withColumnRenamed('k', 'key').groupBy('key').count(),
      [[1, ['a', 2]]],
    ],
    ['goes on with a filter', counted, (df) => counted(df.where('v > 0')), [[1, ['a', 2]]]],
    [
      'goes on with another delay of the watermark',
      (df) => df.withWatermark('ts', '10 seconds').groupBy(window('ts', '5 seconds')).count().select('count'),
      (df) => df.withWatermark('ts', '1 minute').groupBy(window('ts', '5 seconds')).count().select('count'),
      [[2, [2]]],
    ],
  ])('%s', async (_, before, after, expected) => {
    expect((await restarted(before, after)).slice(0, 1)).toEqual(expected);
  });

  it('goes on in another output mode', async () => {
    expect(await restarted(counted, counted, ['update', 'complete'])).toEqual([[1, ['a', 2]]]);
  });

  it.each<
    [string, string, (df: DataFrame, other: DataFrame) => DataFrame, (df: DataFrame, other: DataFrame) => DataFrame]
  >([
    ['other keys', 'STATE_STORE_KEY_SCHEMA_NOT_COMPATIBLE', counted, (df) => df.groupBy('k', 'v').count()],
    [
      'other aggregates',
      'STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE',
      counted,
      (df) => df.groupBy('k').agg(count('*').alias('n'), sum('v').alias('s'), approxCountDistinct('v').alias('d')),
    ],
    [
      'another step that keeps state',
      'STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA',
      counted,
      (df) => df.dropDuplicates(['k']),
    ],
    [
      'state where there was none',
      'STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA',
      (df) => df.where('v > 0'),
      counted,
    ],
    ['one more source', 'QUERY_SOURCES_CHANGED', (df) => df, (df, other) => df.union(other)],
  ])('is refused at the start with %s', async (_, code, before, after) => {
    await expect(restarted(before, after)).rejects.toMatchObject({ code });
  });

  it('keeps its id, and has a new run id', async () => {
    const { stream } = bench();
    const events = stream(schema);
    const start = async () =>
      await events.toDF().writeStream.format('noop').option('checkpointLocation', 'memory:id').start();
    const first = await start();
    await first.stop();
    const second = await start();
    await second.stop();
    expect(second.id).toBe(first.id);
    expect(second.runId).not.toBe(first.runId);
  });

  it('stops the query of the session that runs on it, or refuses to start where that is asked for', async () => {
    const { spark, stream } = bench();
    const events = stream(schema);
    const start = async () =>
      await events.toDF().writeStream.format('noop').option('checkpointLocation', 'memory:two').start();
    const first = await start();
    const second = await start();
    expect([first.isActive, second.isActive]).toEqual([false, true]);
    spark.conf.set('spark.sql.streaming.stopActiveRunOnRestart', 'false');
    await expect(start()).rejects.toMatchObject({ code: 'QUERY_CHECKPOINT_IN_USE' });
    await second.stop();
  });

  it('runs a batch that was given up in the middle again, with the same rows and the same id', async () => {
    const { stream } = bench();
    const events = stream('v INT');
    const batches: unknown[] = [];
    let fails = true;
    const start = async () =>
      await events
        .toDF()
        .writeStream.option('checkpointLocation', 'memory:again')
        .foreachBatch(async (batch, id) => {
          batches.push([id, (await batch.collect()).map(({ v }) => v)]);
          if (fails) throw new TypeError('no room');
        })
        .start();
    const first = await start();
    events.addData([1], [2]);
    const failed = first.processAllAvailable();
    await expect(failed).rejects.toMatchObject({ code: 'STREAM_FAILED', batchId: 0 });
    expect(codes(await failed.catch((error: unknown) => error))[0]).toBe('STREAM_FAILED');
    expect(first.exception).toMatchObject({ message: expect.stringContaining('no room') });
    events.addData([3]);
    fails = false;
    const second = await start();
    await second.processAllAvailable();
    await second.stop();
    expect(batches).toEqual([
      [0, [1, 2]],
      [0, [1, 2]],
      [1, [3]],
    ]);
  });

  it('gives windows that were due when it ended, without waiting for more data; Spark waits', async () => {
    const results: number[] = [];
    for (const compat of ['false', 'true']) {
      const { stream } = bench({
        'millrace.spark.compat': compat,
        'spark.sql.streaming.noDataMicroBatches.enabled': 'true',
      });
      const events = stream(schema);
      let rows = 0;
      const start = async (session?: Session) => {
        session?.conf.set('x', 'y');
        return await events
          .toDF()
          .withWatermark('ts', '1 second')
          .groupBy(window('ts', '5 seconds'))
          .count()
          .writeStream.option('checkpointLocation', `memory:due-${compat}`)
          .foreachBatch(async (batch) => {
            rows += await batch.count();
          })
          .trigger({ once: true })
          .start();
      };
      events.addData(['a', 1, '2024-01-01 00:00:10'], ['a', 1, '2024-01-01 00:00:30']);
      await (await start()).awaitTermination();
      await (await start()).awaitTermination();
      results.push(rows);
    }
    expect(results).toEqual([1, 0]);
  });
});
