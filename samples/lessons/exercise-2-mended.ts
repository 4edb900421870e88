import { col, sum } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// The second exercise of the course: Kafka's value is BINARY.
export default async function exercise({ spark, printBatch }: LessonDesk): Promise<void> {
  const kafka = memoryStream(spark, 'key STRING, value BINARY');
  const query = await kafka
    .toDF()
    .groupBy(col('key'))
    .agg(sum(col('value').cast('string').cast('int')).alias('total'))
    .writeStream.outputMode('update')
    .foreachBatch(printBatch)
    .start();
  kafka.addData(['a', Buffer.from('12')], ['a', Buffer.from('5')]);
  await query.processAllAvailable();
}
