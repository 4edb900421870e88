// Hands every batch to the program as a DataFrame: here it is counted twice in different ways. A batch that runs again after a crash
// comes with the same id, by which a database can tell that it has it already.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { countDistinct } from 'millrace/functions';

export default async function foreachBatch(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('foreach-batch').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .writeStream.foreachBatch(async (batch, batchId) => {
      const [users] = await batch.agg(countDistinct('user').alias('n')).collect();
      console.log(`batch ${batchId}: ${await batch.count()} clicks of ${String(users?.['n'])} users`);
      await batch.groupBy('page').count().orderBy('page').show();
    })
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
