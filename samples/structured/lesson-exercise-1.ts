// The lesson's first exercise, word for word, is refused: one sees the error, which says how to mend it, and then what the mended query counts.
import { type DataFrame, type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { col, fromJson, window } from 'millrace/functions';

export default async function lessonExercise1(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('exercise-1').config('spark.sql.session.timeZone', 'UTC').getOrCreate();

  const counted = (schema: string, options: Record<string, string> = {}): DataFrame =>
    spark.readStream
      .format('kafka')
      .option('kafka.bootstrap.servers', env.brokers.join(','))
      .option('subscribe', 'exercise-1')
      .options(options)
      .load()
      .select(fromJson(col('value').cast('string'), schema).alias('data'))
      .select('data.*')
      .withWatermark('timestamp', '1 minute')
      .groupBy(window(col('timestamp'), '10 seconds'))
      .count();

  try {
    counted('id STRING, value INT, timestamp STRING');
  } catch (error) {
    console.log(`As written: ${(error as Error).message}\n`);
  }

  console.log('Mended, with timestamp as TIMESTAMP, and from the first record on:');
  return await counted('id STRING, value INT, timestamp TIMESTAMP', { startingOffsets: 'earliest' })
    .writeStream.outputMode('complete')
    .format('console')
    .option('truncate', false)
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
