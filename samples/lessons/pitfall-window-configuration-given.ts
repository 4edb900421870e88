import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Counts of ten seconds.
export default async function windowConfiguration({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .groupBy(window('at', '10 seconds', '30 seconds'))
    .count()
    .writeStream.outputMode('complete')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['2026-01-01 12:00:03'], ['2026-01-01 12:00:12']);
  await query.processAllAvailable();
}
