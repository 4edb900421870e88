import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Counts of ten seconds, appended to a table.
export default async function missingWatermark({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .withWatermark('at', '5 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('append')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['2026-01-01 12:00:03'], ['2026-01-01 12:00:30']);
  await query.processAllAvailable();
}
