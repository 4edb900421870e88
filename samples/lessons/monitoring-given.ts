import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// What the query says of itself after every batch.
export default async function monitoring({ spark, print }: LessonDesk): Promise<void> {
  spark.streams.addListener({
    onQueryProgress: ({ progress: { batchId, numInputRows, eventTime, stateOperators } }) => {
      const [counts] = stateOperators;
      print(`batch ${batchId}: ${numInputRows} rows${counts === undefined ? eventTime['watermark'] : ''}`);
    },
  });
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .withWatermark('at', '0 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('append')
    .format('noop')
    .start();
  for (const time of ['12:00:03', '12:00:15']) {
    clicks.addData([`2026-01-01 ${time}`]);
    await query.processAllAvailable();
  }
}
