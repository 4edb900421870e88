import { fromJson, window } from 'millrace/functions';
import { type LessonDesk, memoryStream } from 'millrace/testing';

// The first exercise of the course, on a stream that we feed ourselves instead of Kafka.
export default async function exercise({ spark, printBatch }: LessonDesk): Promise<void> {
  const kafka = memoryStream(spark, 'value STRING');
  const parsed = kafka
    .toDF()
    .select(fromJson('value', 'id INT, value STRING, timestamp TIMESTAMP').alias('data'))
    .select('data.*');
  const query = await parsed
    .withWatermark('timestamp', '1 minute')
    .groupBy(window('timestamp', '1 minute'))
    .count()
    .writeStream.outputMode('update')
    .foreachBatch(printBatch)
    .start();
  kafka.addData(['{"id":1,"value":"a","timestamp":"2026-01-01T12:00:03Z"}']);
  await query.processAllAvailable();
}
