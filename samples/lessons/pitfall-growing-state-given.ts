import { type LessonDesk, memoryStream } from 'millrace/testing';

// Clicks by session id, of which there is no end.
export default async function growingState({ spark, print }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'session INT, at TIMESTAMP');
  const query = await clicks.toDF().groupBy('session').count().writeStream.outputMode('update').format('noop').start();
  for (let i = 0; i < 6; i++) {
    clicks.addData([i, `2026-01-01 12:0${i}:00`]);
    await query.processAllAvailable();
  }
  print(`groups in state: ${query.lastProgress?.stateOperators[0]?.numRowsTotal}`);
}
