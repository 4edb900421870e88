import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Counts of ten seconds of event time, given out when they cannot change any more.
export default async function watermarks({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .withWatermark('at', '5 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('append')
    .foreachBatch(printBatch)
    .start();
  for (const second of ['03', '08', '14']) {
    clicks.addData([`2026-01-01 12:00:${second}`]);
    await query.processAllAvailable();
  }
}
