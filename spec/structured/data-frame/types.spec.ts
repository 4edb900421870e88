import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import type { DataFrame, Row } from '../../../lib/structured/data-frame.ts';
import type { StreamingQuery } from '../../../lib/structured/query/streaming-query.ts';
import { Session } from '../../../lib/structured/session.ts';
import { Window } from '../../../lib/structured/window-spec.ts';

/** Never called: the compiler is the test. */
async function accepted(df: DataFrame, other: DataFrame): Promise<readonly Row[]> {
  const query: StreamingQuery = await df
    .withWatermark('ts', '1 minute')
    .groupBy(F.window('ts', '1 minute'), 'k')
    .agg(F.count('*').alias('n'), F.sum('v'))
    .writeStream.outputMode('append')
    .start();
  await query.stop();
  const columns: readonly string[] = df.columns;
  const joined = df
    .join(other, 'k', 'left')
    .join(other, ['k', 'v'])
    .join(other, df.col('k').equalTo(other.col('k')), 'left_semi');
  const ranked = joined.select(...columns, F.rowNumber().over(Window.partitionBy('k').orderBy(F.col('v').desc())));
  return await ranked.dropDuplicates(['k']).fillna({ v: 0 }).orderBy('k', { ascending: false }).collect();
}

/** What must not compile. */
function refused(df: DataFrame, spark: Session): void {
  // @ts-expect-error a number is no column
  df.select(1);
  // @ts-expect-error a condition is a column or SQL
  df.where(true);
  // @ts-expect-error a value needs lit
  df.withColumn('x', 1);
  // @ts-expect-error names are one list or texts
  df.withColumnRenamed({ a: 'b' });
  // @ts-expect-error the delay is missing
  df.withWatermark('ts');
  // @ts-expect-error the delay is a text with a unit
  df.withWatermark('ts', 10_000);
  // @ts-expect-error a DataFrame comes first
  df.join('other', 'k');
  // @ts-expect-error groups are not rows yet
  df.groupBy('k').collect();
  // @ts-expect-error rows come by a promise
  const rows: readonly Row[] = df.collect();
  // @ts-expect-error the state needs a schema
  df.groupBy('k').flatMapGroupsWithState(() => [], {
    outputSchema: 'n INT',
    outputMode: 'update',
    timeout: 'NoTimeout',
  });
  // @ts-expect-error timers need a mode
  df.groupBy('k').transformWithState({}, { outputSchema: 'n INT', outputMode: 'update' });
  // @ts-expect-error a window is given, not its parts
  F.rowNumber().over('k');
  // @ts-expect-error a setting is a text, a number or a boolean
  spark.conf.set('x', {});
  // @ts-expect-error settings of a session are not replaced
  spark.conf = rows;
}

describe('the types of DataFrames', () => {
  it('are held by the compiler', () => {
    expect([typeof accepted, typeof refused]).toEqual(['function', 'function']);
    expect(Session.name).toBe('Session');
  });
});
