// A shop sends some orders twice. One sees each order once: ids are kept for as long as a copy may still come, and not longer.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';

export default async function deduplicate(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('deduplicate').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('id INT, user STRING, amount DECIMAL(8,2), at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .withWatermark('at', '1 minute')
    .dropDuplicatesWithinWatermark(['id'])
    .writeStream.format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
