import { col } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// A sink that fails after it has written: the batch runs again at the next start.
export default async function bestPractices({ spark, print }: LessonDesk): Promise<void> {
  const orders = memoryStream(spark, 'amount INT');
  const written = new Map<number, unknown>();
  let failures = 1;
  const start = async () =>
    await orders
      .toDF()
      .agg({ amount: 'sum' })
      .select(col('sum(amount)').alias('total'))
      .writeStream.outputMode('update')
      .foreachBatch(async (batch, batchId) => {
        const [row] = await batch.collect();
        written.set(batchId, row?.['total']);
        failures -= 1;
        if (failures === 0) throw new Error('the network went away');
      })
      .option('checkpointLocation', 'orders')
      .start();
  orders.addData([20], [5]);
  const first = await start();
  await first.processAllAvailable().catch(() => {
    print('batch 0 failed');
  });
  const second = await start();
  await second.processAllAvailable();
  print(`written: ${[...written.values()].join(' ')}`);
}
