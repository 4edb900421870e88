// Cuts the clicks of each user into sessions: 10 seconds without a click end one. One sees a session once, when the watermark says that
// no click can prolong it any more.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { sessionWindow } from 'millrace/functions';

export default async function sessions(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('sessions').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .withWatermark('at', '5 seconds')
    .groupBy(sessionWindow('at', '10 seconds').alias('session'), 'user')
    .count()
    .select('user', 'session.start', 'session.end', 'count')
    .writeStream.outputMode('append')
    .format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
