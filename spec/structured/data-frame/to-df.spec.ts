import { expect, it } from '@jest/globals';
import { ManualClock, StreamingContext } from '../../../lib/index.ts';

it('gives a batch to the structured engine: rows by position, by name, and inferred', async () => {
  const clock = new ManualClock();
  const ssc = new StreamingContext({ appName: 'bridge', batchInterval: 1000, clock });
  const pairs = ssc.queueStream([
    [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const,
  ]);
  const found: unknown[] = [];
  pairs.foreachRDD(async (rdd) => {
    const frame = await rdd.toDF('word STRING, n INT');
    found.push(await frame.groupBy('word').sum('n').orderBy('word').collect());
    const named = await rdd.map(([word, n]) => ({ word, n })).toDF();
    found.push(named.columns, await named.where('n > 1').count());
  });
  await ssc.start();
  await clock.advance(1000);
  await ssc.stop();
  expect(JSON.parse(JSON.stringify(found))).toEqual([
    [
      { word: 'a', 'sum(n)': 4 },
      { word: 'b', 'sum(n)': 2 },
    ],
    ['word', 'n'],
    2,
  ]);
});
