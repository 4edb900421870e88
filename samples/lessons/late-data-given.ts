import { window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// The click of 12:00:04 comes after that of 12:00:30.
export default async function lateData({ spark, print, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'at TIMESTAMP');
  const query = await clicks
    .toDF()
    .withWatermark('at', '10 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('update')
    .foreachBatch(printBatch)
    .start();
  for (const second of ['02', '30', '04', '31']) {
    clicks.addData([`2026-01-01 12:00:${second}`]);
    await query.processAllAvailable();
  }
  const late = query.recentProgress.map(({ stateOperators: [counts] }) => counts?.numRowsDroppedByWatermark ?? 0);
  print(`late: ${late.reduce((sum, n) => sum + n, 0)}`);
}
