import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expr, sessionWindow, window } from '../../../lib/functions.ts';
import { type DataFrame, lateRows, ManualClock, Session } from '../../../lib/index.ts';
import { armFault, disarmFault, type FaultPoint } from '../../../lib/kernel/fault-point.ts';
import { memoryStream } from '../../../lib/testing/index.ts';
import { bench } from './bench.ts';

const folders: string[] = [];

afterEach(() => {
  disarmFault();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const at = (second: number): string => new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString();
const nothing = (): unknown[] => [];
const shape = { outputSchema: 'k STRING', stateSchema: 'n INT', outputMode: 'append' as const };

/** The late rows of a query over `k`, `v` and `ts` (no delay) that is given time 30 and then what `rows` says. */
async function lateOf(
  build: (df: DataFrame) => DataFrame,
  rows: readonly (readonly [string, number, number])[],
  mode = 'append',
) {
  const { stream } = bench();
  const events = stream('k STRING, v INT, ts TIMESTAMP');
  const df = build(events.toDF().withWatermark('ts', '0 seconds'));
  const late: unknown[] = [];
  const writer = lateRows(df)
    .selectExpr(
      'operator',
      'unix_millis(watermark) - 1704067200000 AS w',
      'date_format(window.end, "ss") AS until',
      'key',
      'row',
    )
    .writeStream.foreachBatch(async (batch) => {
      late.push(...(await batch.collect()).map((row) => Object.values(row)));
    });
  const query = await df.writeStream.outputMode(mode).format('noop').lateRows(writer).start();
  for (const batch of [[['x', 0, 30]] as const, rows]) {
    events.addData(...batch.map(([k, v, second]) => [k, v, at(second)]));
    await query.processAllAvailable();
  }
  const counted = query.recentProgress.flatMap(({ stateOperators }) =>
    stateOperators.map(({ customMetrics }) => customMetrics['lateRows'] ?? 0),
  );
  await query.stop();
  return { late, counted: counted.reduce((sum, rows) => sum + rows, 0) };
}

const json = (k: string, v: number, second: number): string => `{"k":"${k}","v":${v},"ts":"${at(second)}"}`;

describe('the late rows of a query are whole, with step, watermark and key', () => {
  const input = [
    ['a', 1, 3],
    ['a', 2, 4],
    ['b', 3, 31],
  ] as const;
  it.each<[string, (df: DataFrame) => DataFrame, unknown[]]>([
    [
      'of windows, one for each row though they are one group',
      (df) => df.groupBy(window('ts', '10 seconds'), 'k').count(),
      [
        ['aggregate', 30_000n, '10', '{"k":"a"}', json('a', 1, 3)],
        ['aggregate', 30_000n, '10', '{"k":"a"}', json('a', 2, 4)],
      ],
    ],
    [
      'of sessions',
      (df) => df.groupBy(sessionWindow('ts', '5 seconds'), 'k').count(),
      [
        ['session-window', 30_000n, '08', '{"k":"a"}', json('a', 1, 3)],
        ['session-window', 30_000n, '09', '{"k":"a"}', json('a', 2, 4)],
      ],
    ],
    [
      'of duplicates',
      (df) => df.dropDuplicates(['k', 'ts']),
      [
        ['deduplicate', 30_000n, null, `{"k":"a","ts":"${at(3)}"}`, json('a', 1, 3)],
        ['deduplicate', 30_000n, null, `{"k":"a","ts":"${at(4)}"}`, json('a', 2, 4)],
      ],
    ],
    [
      'of functions with timeouts',
      (df) => df.groupBy('k').flatMapGroupsWithState(nothing, { ...shape, timeout: 'EventTimeTimeout' }),
      [
        ['flat-map-groups-with-state', 30_000n, null, '{"k":"a"}', json('a', 1, 3)],
        ['flat-map-groups-with-state', 30_000n, null, '{"k":"a"}', json('a', 2, 4)],
      ],
    ],
  ])('%s', async (_, build, expected) => {
    const { late, counted } = await lateOf(build, input);
    expect(JSON.stringify(late, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))).toBe(
      JSON.stringify(expected, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v)),
    );
    expect(counted).toBe(2);
  });

  it('each sliding window that has closed for a row is told', async () => {
    const { late, counted } = await lateOf(
      (df) => df.groupBy(window('ts', '10 seconds', '5 seconds')).count(),
      [['a', 1, 23]],
    );
    expect([late.map((row) => (row as unknown[])[2]), counted]).toEqual([['30', '25'], 2]);
  });

  it('of both sides of a join', async () => {
    const { late, counted } = await lateOf(
      (df) =>
        df.join(df.selectExpr('k AS k2', 'ts AS ts2'), expr('k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 5 SECONDS')),
      [['a', 1, 3]],
    );
    expect(late.map((row) => (row as unknown[]).slice(3))).toEqual([
      ['{"k":"a"}', json('a', 1, 3)],
      ['{"k":"a"}', `{"k2":"a","ts2":"${at(3)}"}`],
    ]);
    expect(counted).toBe(2);
  });

  it('are nothing where nothing is late', async () => {
    const { late } = await lateOf((df) => df.groupBy(window('ts', '10 seconds'), 'k').count(), [['a', 1, 31]]);
    expect(late).toEqual([]);
  });
});

/** Feeds a query that writes its late rows to files and to the program, starting it again whenever it fails. */
async function run(point?: FaultPoint, times = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-late-'));
  folders.push(folder);
  const spark = new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC' } });
  const events = memoryStream(spark, 'k STRING, v INT, ts TIMESTAMP');
  const df = events.toDF().withWatermark('ts', '2 seconds').groupBy(window('ts', '5 seconds'), 'k').count();
  const late = (): DataFrame => lateRows(df).select('window', 'row');
  const start = async () =>
    await df.writeStream
      .option('checkpointLocation', join(folder, 'checkpoint'))
      .format('noop')
      .lateRows(late().writeStream.format('json').option('path', join(folder, 'late')))
      .start();
  if (point !== undefined) {
    armFault(point, times, () => {
      throw new TypeError(`died ${point}`);
    });
  }
  let failures = 0;
  let query = await start();
  for (let step = 0; step < 6; step++) {
    events.addData(...['a', 'b'].map((k, i) => [k, step, at(step * 6 + i)]), [
      'late',
      step,
      at(Math.max(0, step * 6 - 14)),
    ]);
    for (;;) {
      try {
        await query.processAllAvailable();
        break;
      } catch {
        failures += 1;
        query = await start();
      }
    }
  }
  await query.stop();
  const rows = await spark.read.schema('row STRING').json(join(folder, 'late')).collect();
  return { rows: rows.map(({ row }) => String(row)).toSorted(), failures };
}

describe('late rows of a query that dies in a batch with late rows', () => {
  let undisturbed: Awaited<ReturnType<typeof run>> | undefined;

  it.each<[FaultPoint, number]>([
    ['after-plan', 7],
    ['mid-run', 7],
    ['before-commit', 7],
    ['in-commit', 7],
    ['after-commit', 7],
  ])('%s are written exactly once', async (point, times) => {
    undisturbed ??= await run();
    const [expected, died] = [undisturbed, await run(point, times)];
    expect(expected.rows.length).toBeGreaterThan(2);
    expect(died.rows).toEqual(expected.rows);
    expect([expected.failures, died.failures]).toEqual([0, 1]);
  });
});

function scene() {
  const { stream, spark } = bench();
  const df = stream('k STRING, ts TIMESTAMP').toDF().withWatermark('ts', '0 seconds').dropDuplicates(['k', 'ts']);
  return { spark, df };
}

describe('late rows are refused', () => {
  const refused = expect.objectContaining({ code: 'QUERY_LATE_ROWS' });
  it('of what is no stream', () => {
    expect(() => lateRows(scene().spark.range(3))).toThrow(refused);
  });

  it('as a query by themselves', async () => {
    await expect(lateRows(scene().df).writeStream.format('noop').start()).rejects.toEqual(refused);
  });

  it('of another DataFrame than the one that is written', async () => {
    const { df } = scene();
    const other = lateRows(df).writeStream.format('noop');
    await expect(df.select('k').writeStream.format('noop').lateRows(other).start()).rejects.toEqual(refused);
  });

  it('behind a step with state', async () => {
    const { df } = scene();
    const counted = lateRows(df).groupBy('operator').agg(expr('count(*)')).writeStream.format('noop');
    await expect(df.writeStream.format('noop').lateRows(counted).start()).rejects.toEqual(refused);
  });
});
