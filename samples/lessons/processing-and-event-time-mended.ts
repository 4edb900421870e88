import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// The same clicks, counted when they happened.
export default async function clicks({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'user STRING, at TIMESTAMP');
  const query = await clicks
    .toDF()
    .groupBy(window('at', '10 seconds'), 'user')
    .count()
    .writeStream.outputMode('update')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['ann', '2026-01-01 12:00:03']);
  await query.processAllAvailable();
  clicks.addData(['ann', '2026-01-01 12:00:09'], ['ann', '2026-01-01 12:00:14']);
  await query.processAllAvailable();
}
