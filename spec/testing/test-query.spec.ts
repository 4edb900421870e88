import { describe, expect, it } from '@jest/globals';
import { ManualClock, Session } from '../../lib/index.ts';
import { expr, window } from '../../lib/functions.ts';
import { memoryStream, testQuery } from '../../lib/testing/index.ts';

function session(): Session {
  return new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC' } });
}

function counted() {
  return memoryStream(session(), 'at TIMESTAMP, k STRING')
    .toDF()
    .withWatermark('at', '10 minutes')
    .groupBy(window('at', '10 minutes'), 'k')
    .count();
}

describe('a query as a script', () => {
  it('gives windows when the watermark has passed them, also after a restart', async () => {
    await testQuery(counted(), 'append', (steps) =>
      steps
        .add('12:05 a', '12:08 b')
        .batch()
        .rows()
        .state(2)
        .add('12:31 c')
        .batch()
        .watermark('12:21')
        .rows('12:00-12:10 a:1', '12:00-12:10 b:1')
        .restart()
        .advance('10 seconds')
        .add('12:06 a', '12:45 c')
        .batch()
        .late(1)
        .watermark('12:35')
        .rows(),
    );
  });

  it('shows the script with an arrow at the step that failed, and what is different', async () => {
    const test = testQuery(counted(), 'update', (steps) =>
      steps.add('12:05 a').batch().rows('12:00-12:10 a:2').state(1),
    );
    await expect(test).rejects.toMatchObject({ code: 'TESTING_QUERY' });
    await expect(test).rejects.toThrow('expected 12:00-12:10 a 2, actual 12:00-12:10 a 1');
    await expect(test).rejects.toThrow(/-> rows\("12:00-12:10 a:2"\)\n {3}state\(1\)/u);
  });

  it('fails when the query does, unless that is what the test says', async () => {
    const df = memoryStream(session(), 'text STRING').toDF().selectExpr('CAST(text AS INT) AS n');
    await testQuery(df, 'append', (steps) =>
      steps.add('7').batch().rows('7').add('x').batch().fails('CAST_INVALID_INPUT'),
    );
    await expect(testQuery(df, 'append', (steps) => steps.add('x').batch())).rejects.toThrow('CAST_INVALID_INPUT');
    await testQuery(df, 'complete', (steps) => steps.fails('STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION'));
  });

  it('feeds several streams at once', async () => {
    const spark = session();
    const [left, right] = [memoryStream(spark, 'a INT'), memoryStream(spark, 'b INT')];
    const joined = left.toDF().join(right.toDF(), expr('a = b'));
    await testQuery(joined, 'append', (steps) =>
      steps.addTo(left, [1], [2]).addTo(right, { b: 2 }).batch().rows('2 2'),
    );
  });

  it('wants a word for each column', async () => {
    await expect(testQuery(counted(), 'append', (steps) => steps.add('12:05'))).rejects.toThrow(
      'expected 2 (at k), actual 1',
    );
  });
});
