// Counts clicks by user in windows of 10 seconds that follow each other. One sees the windows that changed in each batch; the click of
// 12:00:09 comes after those of the next window and still finds its own, because there is no watermark that has closed it.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { window } from 'millrace/functions';

export default async function tumblingWindow(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('tumbling').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .groupBy(window('at', '10 seconds'), 'user')
    .count()
    .select('window.start', 'window.end', 'user', 'count')
    .writeStream.outputMode('update')
    .format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
