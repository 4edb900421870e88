import { type LessonDesk, memoryStream } from 'millrace/testing';

// Every order once, though the sender repeats itself.
export default async function stateStores({ spark, print }: LessonDesk): Promise<void> {
  const orders = memoryStream(spark, 'id INT, at TIMESTAMP');
  const query = await orders
    .toDF()
    .withWatermark('at', '10 seconds')
    .dropDuplicatesWithinWatermark(['id'])
    .writeStream.format('noop')
    .start();
  for (const [id, second] of [
    [1, '00'],
    [1, '01'],
    [2, '20'],
    [3, '40'],
  ] as const) {
    orders.addData([id, `2026-01-01 12:00:${second}`]);
    await query.processAllAvailable();
  }
  print(`orders remembered: ${query.lastProgress?.stateOperators[0]?.numRowsTotal}`);
}
