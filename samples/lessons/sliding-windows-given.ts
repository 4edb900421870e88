import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// How many clicks in the last ten seconds?
export default async function sliding({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .groupBy(window('at', '10 seconds', '5 seconds'))
    .count()
    .writeStream.outputMode('complete')
    .foreachBatch(printBatch)
    .start();
  clicks.addData(['2026-01-01 12:00:07']);
  await query.processAllAvailable();
}
