import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, sessionWindow, window } from '../../../lib/functions.ts';
import { type DataFrame, ManualClock, Session } from '../../../lib/index.ts';
import { armFault, disarmFault, type FaultPoint } from '../../../lib/kernel/fault-point.ts';
import { memoryStream } from '../../../lib/testing/index.ts';

const folders: string[] = [];

afterEach(() => {
  disarmFault();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const queries: Readonly<Record<string, (df: DataFrame) => DataFrame>> = {
  windows: (df) =>
    df.groupBy(window('ts', '5 seconds'), 'k').count().selectExpr('unix_millis(window.start) AS at', 'k', 'count'),
  sessions: (df) =>
    df
      .groupBy(sessionWindow('ts', '5 seconds').alias('s'), 'k')
      .agg(count('*').alias('n'))
      .selectExpr('unix_millis(s.start) AS at', 'k', 'n'),
  duplicates: (df) => df.dropDuplicates(['k', 'ts']).selectExpr('unix_millis(ts) AS at', 'k', 'v'),
};

/** Feeds a query step by step, starting it again whenever it fails; the rows of each batch, and how often it failed. */
async function run(
  kind: string,
  point?: FaultPoint,
  at = 1,
): Promise<{ readonly batches: unknown; readonly failures: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  folders.push(folder);
  const spark = new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC' } });
  const events = memoryStream(spark, 'k STRING, v INT, ts TIMESTAMP');
  const batches = new Map<number, string[]>();
  const start = async () =>
    await (queries[kind] ?? ((df) => df))(events.toDF().withWatermark('ts', '2 seconds'))
      .writeStream.option('checkpointLocation', folder)
      .foreachBatch(async (batch, id) => {
        batches.set(id, (await batch.collect()).map((row) => Object.values(row).join(' ')).toSorted());
      })
      .start();
  if (point !== undefined) {
    armFault(point, at, () => {
      throw new TypeError(`died ${point}`);
    });
  }
  let failures = 0;
  let query = await start();
  for (let step = 0; step < 8; step++) {
    events.addData(
      ...['a', 'b', 'a'].map((k, i) => [k, step, `2024-01-01 00:00:${String(step * 4 + i).padStart(2, '0')}`]),
    );
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
  return { batches: [...batches].filter(([, rows]) => rows.length > 0), failures };
}

describe.each(Object.keys(queries))('a query with %s that dies', (kind) => {
  it.each<[FaultPoint, number]>([
    ['after-plan', 1],
    ['after-plan', 4],
    ['mid-run', 3],
    ['before-commit', 4],
    ['in-commit', 4],
    ['after-commit', 3],
    ['after-commit', 6],
  ])('%s, the %ith time, gives what one gives that does not', async (point, at) => {
    const expected = await run(kind);
    const died = await run(kind, point, at);
    expect(died.batches).toEqual(expected.batches);
    expect([expected.failures, died.failures]).toEqual([0, 1]);
  });
});
