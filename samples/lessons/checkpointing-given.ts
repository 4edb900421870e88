import { col } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// The query is stopped after the first clicks and started again, as after an update of the program.
export default async function checkpointing({ spark, printBatch }: LessonDesk): Promise<void> {
  const clicks = memoryStream(spark, 'user STRING');
  const start = async () =>
    await clicks
      .toDF()
      .groupBy(col('user'))
      .count()
      .writeStream.outputMode('complete')
      .foreachBatch(printBatch)
      .start();
  const first = await start();
  clicks.addData(['ann'], ['bob'], ['ann']);
  await first.processAllAvailable();
  await first.stop();
  clicks.addData(['bob']);
  const second = await start();
  await second.processAllAvailable();
}
