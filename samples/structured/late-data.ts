// A watermark of 5 seconds: what is later than that finds its window closed. One sees, for each batch, the watermark that held in it and
// how many rows came too late.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { window } from 'millrace/functions';

export default async function lateData(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('late-data').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  spark.streams.addListener({
    onQueryProgress: ({ progress: { batchId, eventTime, numInputRows, stateOperators } }) => {
      const late = stateOperators.reduce((sum, operator) => sum + operator.numRowsDroppedByWatermark, 0);
      console.log(`batch ${batchId}: ${numInputRows} rows, watermark ${eventTime['watermark']}, ${late} too late`);
    },
  });
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .withWatermark('at', '5 seconds')
    .groupBy(window('at', '10 seconds'))
    .count()
    .writeStream.outputMode('update')
    .format('noop')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
