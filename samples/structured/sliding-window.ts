// Counts clicks in windows of 20 seconds, one every 10 seconds: each click is in two of them. One sees the whole table after each batch.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { window } from 'millrace/functions';

export default async function slidingWindow(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('sliding').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .groupBy(window('at', '20 seconds', '10 seconds'))
    .count()
    .orderBy('window')
    .select('window.start', 'window.end', 'count')
    .writeStream.outputMode('complete')
    .format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
