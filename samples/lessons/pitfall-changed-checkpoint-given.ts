import { col, count, sum } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// Counts in the first version, sums in the second.
export default async function changedCheckpoint({ spark, printBatch }: LessonDesk): Promise<void> {
  const orders = memoryStream(spark, 'user STRING, amount INT');
  const start = async (result: ReturnType<typeof sum>, folder: string) =>
    await orders
      .toDF()
      .groupBy(col('user'))
      .agg(result.alias('result'))
      .writeStream.outputMode('complete')
      .foreachBatch(printBatch)
      .option('checkpointLocation', folder)
      .start();
  orders.addData(['ann', 20], ['ann', 5]);
  const first = await start(count('*'), 'orders');
  await first.processAllAvailable();
  await first.stop();
  const second = await start(sum(col('amount').cast('string')), 'orders');
  await second.processAllAvailable();
}
