import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Windows of seven seconds.
export default async function tumbling({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .groupBy(window('at', '7 seconds', '7 seconds', '3 seconds'))
    .count()
    .writeStream.outputMode('complete')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['2026-01-01 12:00:00'], ['2026-01-01 12:00:06'], ['2026-01-01 12:00:07']);
  await query.processAllAvailable();
}
