import { describe, expect, it } from '@jest/globals';
import { window } from '../../../lib/functions.ts';
import type { StreamingQuery } from '../../../lib/index.ts';
import type { RunningQuery } from '../../../lib/structured/query/running-query.ts';
import { bench } from './bench.ts';

function at(second: number): [string] {
  return [new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString()];
}

/** Counts two streams, each with a watermark of its own, in windows of 10 seconds. */
function scene(options: Readonly<Record<string, string>>, config: Readonly<Record<string, string>> = {}) {
  const { clock, stream } = bench({ 'spark.sql.streaming.pollingDelay': '100', ...config });
  const [fast, slow] = [stream('ts TIMESTAMP'), stream('ts TIMESTAMP')];
  const rows: string[] = [];
  return {
    clock,
    rows,
    addFast: (...seconds: number[]) => fast.addData(...seconds.map(at)),
    addSlow: (...seconds: number[]) => slow.addData(...seconds.map(at)),
    start: async () =>
      await fast
        .toDF()
        .withWatermark('ts', '0 seconds', options)
        .union(slow.toDF().withWatermark('ts', '0 seconds', options))
        .groupBy(window('ts', '10 seconds'))
        .count()
        .selectExpr('date_format(window.start, "HH:mm:ss") AS start', 'count')
        .writeStream.option('checkpointLocation', 'memory:idle')
        .foreachBatch(async (df, id) => {
          for (const row of await df.collect()) rows.push(`${id}: ${Object.values(row).join(' ')}`);
        })
        .start(),
  };
}

const watermarkOf = (query: StreamingQuery): string => ((query as RunningQuery).watermark ?? '').slice(11, 19);
const idle = { idleTimeout: '30 seconds' };

describe('a silent source', () => {
  it('holds the watermark for ever without an idle timeout', async () => {
    const { clock, rows, addFast, addSlow, start } = scene({});
    const query = await start();
    addFast(5, 25);
    addSlow(3);
    await query.processAllAvailable();
    await clock.advance(120_000);
    expect([rows, watermarkOf(query)]).toEqual([[], '00:00:03']);
    const [first, second] = query.lastProgress?.watermarks ?? [];
    expect(first).toMatchObject({ column: 'ts', sources: ['MemoryStream'], isPinning: false, isIdle: false });
    expect(second).toMatchObject({ watermark: '2024-01-01T00:00:03.000Z', isPinning: true, isIdle: false });
    await query.stop();
  });

  it.each([
    ['of the watermark', idle, {}],
    ['of the configuration', {}, { 'millrace.watermark.idleTimeout': '30 seconds' }],
  ])('lets go of it after the timeout %s, in a batch without data', async (_, options, config) => {
    const { clock, rows, addFast, addSlow, start } = scene(options, config);
    const query = await start();
    addFast(5, 25);
    addSlow(3);
    await query.processAllAvailable();
    await clock.advance(20_000);
    addFast(26);
    await clock.advance(9_900);
    expect([rows, watermarkOf(query)]).toEqual([[], '00:00:03']);
    await clock.advance(200);
    expect([rows, watermarkOf(query)]).toEqual([['3: 00:00:00 2'], '00:00:26']);
    expect(query.lastProgress).toMatchObject({
      numInputRows: 0,
      stateOperators: [
        { operatorId: 'aggregate', watermark: '2024-01-01T00:00:26.000Z', customMetrics: { evictedRows: 1 } },
      ],
      watermarks: [{ isPinning: true }, { isIdle: true, isPinning: false }],
    });
    await query.stop();
  });

  it('that wakes with old rows finds them late, and holds the watermark again', async () => {
    const { clock, rows, addFast, addSlow, start } = scene(idle);
    const query = await start();
    addFast(5);
    addSlow(3);
    await query.processAllAvailable();
    await clock.advance(20_000);
    addFast(25);
    await clock.advance(15_000);
    addSlow(4, 21);
    addFast(45);
    await clock.advance(1000);
    expect(query.lastProgress?.stateOperators[0]?.customMetrics).toMatchObject({ lateRows: 1 });
    expect(watermarkOf(query)).toBe('00:00:25');
    addSlow(40);
    await clock.advance(1000);
    expect(watermarkOf(query)).toBe('00:00:40');
    expect(rows.map((row) => row.slice(-10))).toEqual(['00:00:00 2', '00:00:20 2']);
    await query.stop();
  });

  it('is silent for no longer because the query was down', async () => {
    const { clock, rows, addFast, addSlow, start } = scene(idle);
    const first = await start();
    addFast(5);
    addSlow(3);
    await first.processAllAvailable();
    await clock.advance(20_000);
    addFast(25);
    await first.processAllAvailable();
    await first.stop();
    await clock.advance(3_600_000);
    const query = await start();
    await clock.advance(9000);
    expect(rows).toEqual([]);
    await clock.advance(1100);
    expect(rows).toEqual(['3: 00:00:00 2']);
    await query.stop();
  });

  it.each(['0 seconds', '-1 second'])('cannot be left out after %s', async (idleTimeout) => {
    const { start } = scene({ idleTimeout });
    await expect(start()).rejects.toMatchObject({ code: 'QUERY_WATERMARK_IDLE_TIMEOUT' });
  });

  it.each(['nothing', '-3'])('cannot be left out after a configured %s', async (value) => {
    const { start } = scene({}, { 'millrace.watermark.idleTimeout': value });
    await expect(start()).rejects.toMatchObject({ code: 'CONFIG_VALUE' });
  });
});
