import { sessionWindow } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Visits: clicks of a user without a long pause.
export default async function sessions({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'user STRING, at TIMESTAMP');
  const query = await clicks
    .toDF()
    .groupBy(sessionWindow('at', '5 seconds').alias('visit'), 'user')
    .count()
    .writeStream.outputMode('complete')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['ann', '2026-01-01 12:00:03'], ['ann', '2026-01-01 12:00:08'], ['ann', '2026-01-01 12:00:20']);
  await query.processAllAvailable();
}
