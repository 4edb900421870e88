import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Counts of ten seconds, in the mode that is asked for.
export default async function outputModes({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .withWatermark('at', '5 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('complete')
    .foreachBatch(printBatch)
    .start();
  for (const time of ['12:00:03', '12:00:12', '12:00:13']) {
    clicks.addData([`2026-01-01 ${time}`]);
    await query.processAllAvailable();
  }
}
